import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import type { App } from '../../electron/service/app/app.ts';
import { languages } from '../../renderer/words/all.ts';
import { saidOf } from '../../renderer/words/said.ts';
import { facesOf, openOnSamples } from './app.ts';

const { en = {}, de = {} } = languages;

// What the page says of each thing that a user can do, out of what the service really writes of it.

let home: string;
let app: App;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kith-journal-'));
  app = await openOnSamples(join(home, 'library.kith'));
}, 120_000);
afterAll(async () => {
  await app.close();
  await rm(home, { recursive: true });
});

/** The sentence of the latest entry, in the plural that its count asks for. */
async function latest(sentences: Record<string, string>): Promise<string> {
  const [entry] = (await app.call('journal.list', {})).items;
  const { key, values } = saidOf(entry!);
  const sentence =
    sentences[key] ?? sentences[`${key}_${values.count === 1 ? 'one' : 'other'}`] ?? `no sentence: ${key}`;
  return sentence.replace(/\{\{(\w+)\}\}/g, (hole, name) =>
    String((name === 'n' ? values.count : values[name]) ?? hole),
  );
}

it('says of everything that a user does what it was, in every language', async () => {
  const said: string[] = [];
  async function tell(done: Promise<unknown>): Promise<void> {
    await done;
    for (const sentences of [en, de]) said.push(await latest(sentences));
  }
  const faces = (await facesOf(app)).toSorted((a, b) => b.quality - a.quality);
  const ids = faces.map(({ id }) => id);
  const named = async (name: string, at: number) => {
    await app.call('name', { faces: [ids[at]!], name });
    return (await app.call('people.search', { text: name }))[0]!.id;
  };

  await tell(app.call('name', { faces: [ids[0]!], name: 'Anna' }));
  const anna = (await app.call('people.search', { text: 'Anna' }))[0]!.id;
  const ben = await named('Ben', 1);
  await tell(app.call('faces.refuse', { faces: [ids[2]!], person: anna }));
  await tell(app.call('faces.confirm', { faces: [ids[3]!], person: anna }));
  await tell(app.call('people.rename', { id: ben, name: 'Benjamin' }));
  await tell(app.call('people.birth', { id: anna, birth: '1990-05-01' }));
  await tell(app.call('people.relate', { id: ben, is: 'child', of: anna }));
  await tell(app.call('people.relate', { id: ben, is: 'sibling', of: anna, replace: true }));
  await tell(app.call('people.relate', { id: ben, is: 'partner', of: anna, replace: true }));
  await tell(app.call('people.unrelate', { id: ben, of: anna }));
  await tell(app.call('people.cover', { id: anna, face: ids[3]! }));
  await tell(app.call('people.hide', { ids: [ben], hidden: true }));
  await tell(app.call('people.hide', { ids: [ben], hidden: false }));
  await tell(app.call('people.split', { faces: [ids[3]!] }));
  await tell(app.call('faces.mark', { faces: [ids[4]!, ids[5]!], as: 'ignored' }));
  await tell(app.call('faces.mark', { faces: [ids[4]!], as: 'not-a-face' }));
  await tell(app.call('faces.mark', { faces: [ids[4]!], as: 'nothing' }));
  await tell(app.call('photos.several', { id: faces[0]!.photo, several: true }));
  await tell(app.call('photos.several', { id: faces[0]!.photo, several: false }));
  await tell(app.call('photos.putPerson', { id: faces[0]!.photo, name: 'Dora' }));
  const dora = (await app.call('people.search', { text: 'Dora' }))[0]!.id;
  await tell(app.call('photos.takePerson', { id: faces[0]!.photo, person: dora }));
  await tell(app.call('groups.move', { faces: [ids[6]!, ids[7]!], to: null }));
  await tell(app.call('groups.move', { faces: [ids[7]!], to: null }));
  const groups = [ids[6]!, ids[7]!].map(
    async (id) => (await app.call('faces.get', { ids: [id] }))[0]!.group!,
  );
  await tell(app.call('groups.merge', { groups: await Promise.all(groups) }));
  const [group] = (await app.call('groups.list', {})).items;
  await tell(app.call('groups.hide', { groups: [group!.id], hidden: true }));
  await tell(app.call('groups.hide', { groups: [group!.id], hidden: false }));
  await tell(app.call('people.merge', { from: [ben], into: anna, evenIfTogether: true }));
  const { question } = await app.call('review.next', {});
  await tell(app.call('review.answer', { question: question!.id, answer: { kind: 'other', name: 'Cleo' } }));
  for (const kind of ['yes', 'no', 'ignore'] as const) {
    const free = (await facesOf(app)).find(({ status }) => status === 'none')!;
    await tell(app.call('review.answer', { question: `${free.id}:${anna}`, answer: { kind } }));
  }
  const alone = (await facesOf(app)).find(({ status }) => status === 'none')!;
  await tell(app.call('review.answer', { question: `${alone.id}:who`, answer: { kind: 'ignore' } }));
  await tell(app.call('people.remove', { ids: [anna] }));
  const { x, y, width, height } = faces[0]!.box;
  const box = { x: x - 0.01, y, width, height } as UnitBox;
  await tell(app.call('faces.draw', { photo: faces[0]!.photo, box }));

  expect(said.filter((sentence) => /[{}]|no sentence/.test(sentence))).toEqual([]);
  expect(said).not.toContain(en['journal.other']);
  expect(said.filter((_, at) => at % 2 === 0)).toEqual([
    'Named Anna',
    'Not Anna',
    'Confirmed Anna',
    'Renamed Ben to Benjamin',
    'Birth date of Anna',
    'Anna is a parent of Benjamin',
    'Benjamin and Anna are siblings',
    'Benjamin and Anna are partners',
    'Took Benjamin out of the family of Anna',
    'New picture of Anna',
    'Hidden: Benjamin',
    'Shown again: Benjamin',
    'Moved 1 face into a new group',
    '2 faces of strangers: Kith won’t ask again',
    'Marked 1 as not a face',
    '1 face counts again',
    'Somebody may be on a photo more than once',
    'Everybody is on a photo once at most',
    'Added Dora to a photo',
    'Took Dora off a photo',
    'Moved 2 faces',
    'Moved 1 face',
    'Merged 2 groups',
    'Hidden: 1 group',
    'Shown again: 1 group',
    'Merged Benjamin into Anna',
    'Named Cleo',
    'Confirmed Anna',
    'Not Anna',
    'A stranger: Kith won’t ask again',
    'A stranger: Kith won’t ask again',
    'Removed the name Anna',
    'Drew a face',
  ]);
});
