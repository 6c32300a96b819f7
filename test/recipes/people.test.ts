import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Component } from 'svelte';
import type { render as Render } from 'svelte/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scratch } from './scratch.ts';

// The recipe of CONTRIBUTING.md for something more that the user may say of a person, followed on a copy of the sources.

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await scratch.remove();
});

/** The triggers of `people` as the last migration that has them left them, with one more column. */
function triggersWith(column: string): string {
  const former = scratch.read('electron/library/migrations/7-journal.ts');
  const triggers = former.match(/CREATE TRIGGER journal_people_\w+ [\s\S]*?END;/g)!;
  const drops = triggers.map((trigger) => trigger.replace(/CREATE (TRIGGER \w+)[\s\S]*/, 'DROP $1;'));
  const added = triggers.map((trigger) =>
    trigger
      .replace('UPDATE OF name,', `UPDATE OF ${column}, name,`)
      .replace('WHEN ', `WHEN old.${column} IS NOT new.${column} OR `)
      .replace(/json_object\('id', (\w+)\.id,/g, `json_object('id', $1.id, '${column}', $1.${column},`),
  );
  return [...drops, ...added].join('\n  ');
}

function addColumn(): void {
  scratch.insert('electron/contract/fact-list.ts', "birth: 'date',", "\n  nickname: 'text',");
  scratch.write(
    'electron/library/migrations/21-nickname.ts',
    `export const NICKNAME = \`\n  ALTER TABLE people ADD COLUMN nickname TEXT;\n  ${triggersWith('nickname')}\n  \`;\n`,
  );
  scratch.insert(
    'electron/library/migrations.ts',
    "import { PORTRAITS } from './migrations/20-portraits.ts';",
    "\nimport { NICKNAME } from './migrations/21-nickname.ts';",
  );
  scratch.insert('electron/library/migrations.ts', '  PORTRAITS,', '\n  NICKNAME,');
}

function addWords(): void {
  const keys = ['nickname.is', 'nickname.title', 'nickname.text', 'nickname.add', 'nickname.change'];
  const sentences = (said: string, title: string) =>
    [...keys, 'did.nickname', 'journal.nickname']
      .map((key) => `'${key}': '${key === 'nickname.is' ? said : title}',`)
      .join('\n  ');
  scratch.insert(
    'renderer/words/en/facts.ts',
    'export default {',
    `\n  ${sentences('called {{said}}', 'Nickname of {{name}}')}`,
  );
  scratch.insert(
    'renderer/words/de/facts.ts',
    'export default {',
    `\n  ${sentences('genannt {{said}}', 'Spitzname von {{name}}')}`,
  );
}

/** Says it, merges, undoes: with the application of the copy, on a library that was made before. */
const STORY = `
import { createApp } from './electron/service/app/create.ts';
import { Database } from './electron/library/database.ts';
import { migrate } from './electron/library/migrate.ts';
import { MIGRATIONS } from './electron/library/migrations.ts';

const libraryFile = process.argv[2];
const old = new Database(libraryFile);
migrate(old, () => {}, MIGRATIONS.slice(0, -1));
old.sqlite.exec("INSERT INTO people (name, name_key) VALUES ('Anna', 'anna'), ('Ann', 'ann')");
old.close();
const app = await createApp({ libraryFile, detector: 'ssd', encoder: 'dlib' });
const seen = [];
const look = async () => seen.push((await app.call('people.list', {})).items.map((card) => [card.name, card.nickname]));
await look();
const { entry } = await app.call('people.nickname', { id: 2, nickname: ' Nan ' });
await look();
seen.push((await app.call('people.mergePlan', { from: [2], into: 1 })).keeps.nickname);
await app.call('people.merge', { from: [2], into: 1 });
await look();
await app.call('journal.undo', {});
await look();
await app.call('journal.undo', { entry });
await look();
await app.call('journal.redo', { entry });
await look();
seen.push((await app.call('journal.list', {})).items.map(({ action, detail }) => [action, detail.nickname ?? null]));
await app.close();
console.log(JSON.stringify(seen));
`;

describe('a new column of people', () => {
  it('is five files; it is kept, shown, merged, undone and done again', async () => {
    addColumn();
    addWords();
    expect(scratch.touched.size).toBeLessThanOrEqual(6);
    scratch.write('story.ts', STORY);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['story.ts', join(scratch.folder, 'library.kith')],
      { cwd: scratch.folder },
    );
    const nobody = [
      ['Ann', null],
      ['Anna', null],
    ];
    const said = [
      ['Ann', 'Nan'],
      ['Anna', null],
    ];
    expect(JSON.parse(stdout)).toEqual([
      nobody,
      said,
      'Nan',
      [['Anna', 'Nan']],
      said,
      nobody,
      said,
      [
        ['merge', null],
        ['nickname', 'Nan'],
      ],
    ]);
  });

  it('stands on the person’s page, in every language', async () => {
    addColumn();
    addWords();
    vi.stubGlobal('document', { documentElement: {} });
    const { render } = await scratch.load<{ render: typeof Render }>('svelte/server');
    const { useLanguage } = await scratch.load<{ useLanguage(tag: string): void }>(
      'renderer/words/words.svelte.ts',
    );
    const facts = await scratch.load<{ default: Component<Record<string, unknown>> }>(
      'renderer/parts/PersonFacts.svelte',
    );
    const detail = { photos: 3, years: null, birth: null, nickname: 'Nan', hidden: false };
    for (const [language, said] of [
      ['en', 'called Nan'],
      ['de', 'genannt Nan'],
    ] as const) {
      useLanguage(language);
      expect(render(facts.default, { props: { detail } }).body).toContain(said);
    }
  });

  it('is a type error where it has no sentences', () => {
    addColumn();
    expect(scratch.typeErrors('renderer/words/en/facts.ts').join('\n')).toMatch(
      /en\/facts\.ts: .*nickname\.is/,
    );
    addWords();
    expect(scratch.typeErrors('renderer/words/de/facts.ts')).toEqual([]);
  });
});
