import { type Command, Option } from 'commander';
import { KithError } from '../../contract/errors.ts';
import { everyPage } from '../../contract/every-page.ts';
import type { PersonId } from '../../contract/ids.ts';
import { nameKey } from '../../contract/name-key.ts';
import { RelationKind } from '../../contract/relations.ts';
import type { App } from '../../service/app/app.ts';
import { withKnownLibrary } from '../engine.ts';
import { type End, Exit, print, printJson } from '../output.ts';
import { shown } from '../paths.ts';
import { jsonOption, libraryOption } from './options.ts';

type Options = { library?: string; remove?: string[]; replace?: boolean; json?: boolean } & {
  [K in RelationKind]?: string[];
};

/** Somebody, and who is what to them. */
interface Family {
  id: PersonId;
  name: string;
  relatives: { id: PersonId; name: string; is: RelationKind; follows: boolean }[];
}

export function addFamily(program: Command, end: End): void {
  const command = program
    .command('family')
    .argument('[name]', "whose family; left out: everybody's")
    .summary('list who is related to whom, and say it')
    .description(
      'Lists parents, children, partners and siblings. With a name, says who they are: --child Ben makes Ben a child of that person. Siblings follow from a parent whom they share. Names are found by it: "children of Anna". Each is one entry, which "kith undo" takes back.',
    );
  for (const kind of RelationKind.options)
    command.addOption(
      new Option(`--${kind} <name>`, `a ${kind} of theirs; may be given several times`).argParser(also),
    );
  command
    .addOption(new Option('--remove <name>', 'somebody who is no relative of theirs').argParser(also))
    .option('--replace', 'where something else is said of the two, say this instead')
    .addOption(libraryOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  kith family Anna --partner Ben --child Cleo --child Dora')
    .action(async (name: string | undefined, options: Options) => {
      const families = await withKnownLibrary(options, async (app) => {
        const people = await everyone(app);
        if (name === undefined && isSaying(options))
          throw new KithError('bad-request', 'Say whose family it is first: kith family Anna --child Ben');
        const of = name === undefined ? null : idOf(people, name);
        if (of !== null) await say(app, of, people, options);
        const asked = people.filter(({ id }) => of === null || id === of);
        return Promise.all(
          asked.map(async (person): Promise<Family> => {
            const relatives = await app.call('people.relations', { id: person.id });
            return { ...person, relatives: relatives.map(({ cover: _, ...relative }) => relative) };
          }),
        );
      });
      const related = families.filter(({ relatives }) => relatives.length > 0);
      if (options.json) await printJson(related);
      else await print(related.length === 0 ? 'No relations are known.' : related.map(linesOf).join('\n'));
      end(Exit.done);
    });
}

/** Gathers an option that is given several times. */
const also = (name: string, before: string[] = []) => [...before, name];

type Person = Pick<Family, 'id' | 'name'>;

async function everyone(app: App): Promise<Person[]> {
  const lists = [false, true].map((hidden) =>
    everyPage((cursor) => app.call('people.list', { cursor, limit: 500, hidden })),
  );
  const all = (await Promise.all(lists)).flat();
  return all.map(({ id, name }) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
}

/** @throws KithError not-found */
function idOf(people: readonly Person[], name: string): PersonId {
  const person = people.find((one) => nameKey(one.name) === nameKey(name));
  if (person === undefined) throw new KithError('not-found', `a person called ${name}`);
  return person.id;
}

const isSaying = (options: Options) =>
  options.remove !== undefined || RelationKind.options.some((kind) => options[kind] !== undefined);

/** Says all of it. Names are looked up before anything is changed. */
async function say(app: App, of: PersonId, people: readonly Person[], options: Options): Promise<void> {
  const { remove = [], replace = false } = options;
  const gone = remove.map((name) => idOf(people, name));
  const said = RelationKind.options.flatMap((is) =>
    (options[is] ?? []).map((name) => ({ is, name, id: idOf(people, name) })),
  );
  for (const id of gone) await app.call('people.unrelate', { id, of });
  for (const { id, is, name } of said) {
    const done = await app.call('people.relate', { id, is, of, replace });
    if (done.kind === 'exists')
      throw new KithError(
        'bad-request',
        `${name} is a ${done.is} already. With --replace that becomes ${is}. What you said before is done, what comes after is not`,
      );
  }
}

function linesOf({ name, relatives }: Family): string {
  const lines = relatives.map(
    (one) => `  ${one.is}: ${shown(one.name)}${one.follows ? ' (they share a parent)' : ''}`,
  );
  return [shown(name), ...lines].join('\n');
}
