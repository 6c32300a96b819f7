import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { addCompare } from './commands/compare.ts';
import { addCopies } from './commands/copies.ts';
import { addDetect } from './commands/detect.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExport } from './commands/export.ts';
import { addFamily } from './commands/family.ts';
import { addGroup } from './commands/group.ts';
import { addImport } from './commands/import.ts';
import { addLearn } from './commands/learn.ts';
import { addMetadata } from './commands/metadata.ts';
import { addModels } from './commands/models.ts';
import { addOpen } from './commands/open.ts';
import { addPeople } from './commands/people.ts';
import { addRegroup } from './commands/regroup.ts';
import { addTag } from './commands/tag.ts';
import type { End } from './output.ts';

/** The whole command line. Wrong use throws CommanderError after it has been explained on standard error. */
export function createProgram(end: End): Command {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  const program = new Command('kith')
    .description('Finds the faces in photos and groups those of one person. Nothing leaves this machine.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .showHelpAfterError('"kith --help" and "kith help <command>" say more.')
    .addHelpText(
      'after',
      `
Examples:
  kith open ~/Photos                         see your people in the browser, and name them
  kith group ~/Photos                        group the faces of a folder
  kith group ~/Photos --crops ~/Faces        and write each face to a folder of its group
  kith tag ~/Photos --examples people.csv    name everybody from one example each
  kith export ~/Faces --preset portrait      write each person's faces, out of the full-size photos
  kith detect party.jpg --annotate out.jpg   find the faces of one photo
  kith compare anna.jpg beach.jpg            are these one person?

Exit status: 0 done, 1 done but some files could not be read, 2 wrong use, 130 stopped by Ctrl-C.`,
    );
  for (const add of [
    addOpen,
    addGroup,
    addTag,
    addPeople,
    addFamily,
    addRegroup,
    addExport,
    addImport,
    addDetect,
    addCompare,
    addLearn,
    addMetadata,
    addCopies,
    addDoctor,
    addModels,
  ])
    add(program, end);
  return program;
}
