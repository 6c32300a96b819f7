import type { Command } from 'commander';
import type { Finding, FindingKind } from '../../contract/doctor.ts';
import { type ErrorCode, KithError } from '../../contract/errors.ts';
import type { App } from '../../service/app/app.ts';
import { withApp, withKnownLibrary } from '../engine.ts';
import { type End, Exit, print, printJson } from '../output.ts';
import { fromHere, shown } from '../paths.ts';
import { sentence } from '../words.ts';
import { restored } from './copies.ts';
import { jsonOption, libraryOption } from './options.ts';

interface Options {
  library?: string;
  repair?: boolean;
  restore?: string;
  salvage?: string;
  json?: boolean;
}

/** What each finding means; it follows the number of cases. */
const SENTENCES: Record<FindingKind, string> = {
  pages: "damaged places: parts of the library can't be read",
  'orphan-files': 'files of a photo or folder that is not in the library',
  'orphan-faces': 'faces of photos that are not in the library',
  'orphan-pictures': 'small pictures of nothing in the library',
  'orphan-vectors': 'measurements of nothing in the library',
  'orphan-labels': 'names of faces or people who are not in the library',
  'orphan-relations': 'relations of people who are not in the library',
  'orphan-history': 'changes that belong to nothing in the history',
  'missing-groups': 'faces in a group that is not in the library',
  'empty-groups': 'groups without a face',
  'wrong-marks': 'faces that are wrongly marked as named or unnamed',
  'twice-by-kith': 'faces that Kith named although the person is on the photo already',
  'refused-by-kith': 'faces that Kith named against a "not them"',
  'refused-and-confirmed': 'faces with a name and a "not them" of the same person; the name stays',
  'twice-on-photo': 'people who are named twice on one photo; only you know which is right',
  'own-ancestors': 'people who are among their own ancestors; only you know which relation is wrong',
  'missing-vectors': 'faces without measurements; their photos are looked at again by the next scan',
  'missing-crops': 'faces without a picture; a scan of their changed photos makes them anew',
  'missing-thumbnails': 'photos without a small picture; it is made when the photo is first shown',
};

/** Errors of opening that a damaged file gives. */
const DAMAGED: readonly ErrorCode[] = ['library-damaged', 'library-not-a-library'];

export function addDoctor(program: Command, end: End): void {
  program
    .command('doctor')
    .summary('look for damage in the library, and repair it')
    .description(
      'Reads all of the library and says what is wrong with it. --repair repairs what can be, after a copy was made. Of a library that is damaged, --restore puts a copy in its place, and --salvage writes what can still be read to a new file. Exit status: 0 sound, 1 not.',
    )
    .option('--repair', 'repair what can be repaired')
    .option('--restore <copy>', 'put this copy in the place of the library; the former is kept', fromHere)
    .option('--salvage <file>', 'write what can still be read to this new file', fromHere)
    .addOption(libraryOption())
    .addOption(jsonOption())
    .action(async (options: Options) => end(await doctor(options)));
}

async function doctor(options: Options): Promise<Exit> {
  if (options.salvage !== undefined) return salvageTo(options.salvage, options);
  try {
    // There may be copies where the library itself is gone.
    const withLibrary = options.restore === undefined ? withKnownLibrary : withApp;
    return await withLibrary(options, (app) => treat(app, options));
  } catch (error) {
    if (!(error instanceof KithError) || !DAMAGED.includes(error.code)) throw error;
    return treatUnopened(error, options);
  }
}

async function treat(app: App, { repair, restore, json }: Options): Promise<Exit> {
  if (restore !== undefined) {
    const done = await app.call('library.restore', { path: restore });
    await (json ? printJson(done) : print(restored(done.former)));
    return Exit.done;
  }
  const findings = await app.call('library.check', {});
  if (repair) {
    const done = await app.call('library.repair', { kinds: findings.map(({ kind }) => kind) });
    if (json) await printJson(done);
    else
      await print(
        [...done.repaired.map((one) => `Repaired: ${line(one)}`), ...verdict(done.left)].join('\n'),
      );
    return done.left.length === 0 ? Exit.done : Exit.incomplete;
  }
  const isDamaged = findings.some(({ kind }) => kind === 'pages');
  const copy = isDamaged ? await soundCopy((await app.call('library.overview', {})).file) : null;
  if (json) await printJson({ findings, copy });
  else await print([...verdict(findings), ...(isDamaged ? wayOut(copy) : [])].join('\n'));
  return findings.length === 0 ? Exit.done : Exit.incomplete;
}

/** Handles a library that can't even be opened. */
async function treatUnopened(error: KithError, { library, restore, json }: Options): Promise<Exit> {
  const { defaultLibraryFile } = await import('../../service/library-file.ts');
  const { placeOf } = await import('../../owner/place.ts');
  const file = placeOf(library ?? defaultLibraryFile());
  if (restore === undefined) {
    const copy = await soundCopy(file);
    if (json) await printJson({ findings: [{ kind: 'pages', count: 1, repairable: false }], copy });
    else await print([sentence(error), ...wayOut(copy)].join('\n'));
    return Exit.incomplete;
  }
  const { lockLibrary } = await import('../../owner/lock.ts');
  const { restoreOverDamaged } = await import('../../service/mend.ts');
  const lock = lockLibrary(file);
  if (lock === null) throw new KithError('library-busy', file);
  try {
    const former = restoreOverDamaged(restore, file);
    await (json ? printJson({ path: restore, former }) : print(restored(former)));
    return Exit.done;
  } finally {
    lock.release();
  }
}

async function salvageTo(target: string, { library, json }: Options): Promise<Exit> {
  const { defaultLibraryFile } = await import('../../service/library-file.ts');
  const { salvage } = await import('../../service/mend.ts');
  const tables = salvage(library ?? defaultLibraryFile(), target);
  const lost = tables.reduce((sum, table) => sum + table.lost, 0);
  if (json) await printJson({ path: target, tables });
  else {
    const lines = tables.map(
      ({ table, rows, lost }) => `${table}: ${rows} saved${lost > 0 ? `, ${lost} lost` : ''}`,
    );
    await print(
      [...lines, `${shown(target)} can be restored: "kith restore" shows what it holds.`].join('\n'),
    );
  }
  return lost === 0 ? Exit.done : Exit.incomplete;
}

async function soundCopy(file: string): Promise<string | null> {
  const { newestSound } = await import('../../service/mend.ts');
  return newestSound(file);
}

function verdict(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return ['The library is sound.'];
  const lines = findings.map((one) => `${line(one)}${one.repairable ? ' (--repair mends it)' : ''}`);
  return ['The library is not sound:', ...lines];
}

function line({ kind, count }: Finding): string {
  return `${count.toLocaleString('en')} ${SENTENCES[kind]}`;
}

function wayOut(copy: string | null): string[] {
  const salvage = 'What can still be read: kith doctor --salvage <new file>';
  if (copy === null) return ['There is no sound copy beside it.', salvage];
  return [`The newest sound copy: kith doctor --restore ${shown(copy)}`, salvage];
}
