/**
 * The process that `npm run bench -- people` measures: the application on a made library, through its one door.
 * Argument: the settings as JSON. Prints what it measured as JSON.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Params, RequestName, Result } from '../../electron/contract/api.ts';
import type { PersonId, PhotoId } from '../../electron/contract/ids.ts';
import type { Question } from '../../electron/contract/people.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { madeAlbum } from '../fixtures/made-album.ts';
import { random } from '../fixtures/random.ts';
import { SEARCHES } from '../fixtures/searches.ts';
import type { Measured, PeopleSettings, Time, Times } from './people.ts';

/** Milliseconds for which somebody looks at a question. */
const LOOKING = 250;

const settings = JSON.parse(process.argv[2]!) as PeopleSettings;
const { photos } = madeAlbum(settings.faces, settings.seed);
/** Faces are recorded in the order of the album, so that their ids count from 1. */
const personOf = [0, ...photos.flat()];
const nameOf = (person: number) => `Person ${person}`;

const start = now();
const app = await createApp({
  libraryFile: settings.file,
  detector: settings.encoder === 'dlib' ? 'ssd' : 'yunet',
  encoder: settings.encoder,
  poolSize: 1,
});
const opened = since(start);

/** Seconds since then: by the clock, and of processors, which other programs don't lengthen. */
function since({ clock, processor }: Time): Time {
  const at = now();
  return { clock: at.clock - clock, processor: at.processor - processor };
}

function now(): Time {
  const { user, system } = process.cpuUsage();
  return { clock: performance.now() / 1000, processor: (user + system) / 1e6 };
}

/** What a request took, and its answer. */
async function timed<N extends RequestName>(name: N, params: Params<N>): Promise<[Time, Result<N>]> {
  const from = now();
  const result = await app.call(name, params);
  return [since(from), result];
}

function summary(times: readonly Time[]): Times {
  const of = (what: keyof Time) => {
    const sorted = times.map((time) => time[what]).toSorted((a, b) => a - b);
    return (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  };
  const [clock, processor] = [of('clock'), of('processor')];
  const at = (share: number) => ({ clock: clock(share), processor: processor(share) });
  return { count: times.length, median: at(0.5), most: at(0.95), worst: at(1) };
}

/** Seconds in each phase of a scan of an empty folder: what comes after the photos, over the whole library. */
async function scanNothing(): Promise<Record<string, Time>> {
  const phases: Record<string, Time> = {};
  let phase = 'scanning';
  let from = now();
  const ended = new Promise<void>((resolve, reject) => {
    const stop = app.on((event) => {
      if (event.kind !== 'scan') return;
      const { state } = event;
      const took = since(from);
      const before = phases[phase] ?? { clock: 0, processor: 0 };
      phases[phase] = { clock: before.clock + took.clock, processor: before.processor + took.processor };
      [phase, from] = [state.phase, now()];
      if (state.phase === 'failed') reject(new Error(JSON.stringify(state.failure)));
      if (!['done', 'cancelled', 'failed'].includes(state.phase)) return;
      stop();
      resolve();
    });
  });
  await app.call('scan.start', { path: mkdtempSync(join(tmpdir(), 'kith-nothing-')) });
  await ended;
  return phases;
}

/** The person most of these faces are of. */
function mostly(faces: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const face of faces) counts.set(personOf[face]!, (counts.get(personOf[face]!) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]![0];
}

/** Gives the largest groups their people's names, until so many people have one. */
async function nameGroups(people: number) {
  const named = new Set<number>();
  const seconds: Time[] = [];
  const rows: { faces: number; time: Time }[] = [];
  while (named.size < people) {
    const { items } = await app.call('groups.list', { limit: 1 });
    const [group] = items;
    if (!group) break;
    const { items: faces } = await app.call('groups.faces', { id: group.id });
    const person = mostly(faces.map(({ id }) => id));
    const [took, result] = await timed('name', { groups: [group.id], name: nameOf(person), merge: true });
    if (result.kind !== 'named') throw new Error('Expected a ledger');
    named.add(person);
    seconds.push(took);
    rows.push({ faces: group.size, time: took });
    if (seconds.length % 50 === 0) console.error(`${seconds.length} groups named`);
  }
  return { seconds, rows };
}

/** Answers questions truthfully, four in a second at most: nobody sees a face in less, and Kith looks ahead meanwhile. */
async function answerQuestions(count: number) {
  const seconds: Time[] = [];
  const answers = { yes: 0, no: 0, one: 0, other: 0 };
  let question: Question | null = (await app.call('review.next', {})).question;
  while (question && seconds.length < count) {
    await setTimeout(LOOKING);
    const answer = truthful(question);
    answers[answer.kind]++;
    const [took, { next }] = await timed('review.answer', { question: question.id, answer });
    seconds.push(took);
    question = next;
  }
  return { seconds, answers };
}

function truthful(question: Question) {
  const name = nameOf(personOf[question.face.id]!);
  if (question.kind === 'either') {
    const one = question.people.find((person) => person.name === name);
    return one ? ({ kind: 'one', person: one.id } as const) : ({ kind: 'no' } as const);
  }
  if (question.kind === 'is' && question.person.name !== name) return { kind: 'no' } as const;
  const right = question.also.filter(({ face }) => nameOf(personOf[face]!) === name);
  const include = right.map(({ face }) => face);
  return question.kind === 'who'
    ? ({ kind: 'other', name, include } as const)
    : ({ kind: 'yes', include } as const);
}

/** Names single faces, of people whom nobody has named. */
async function nameFaces(count: number): Promise<Time[]> {
  const seconds: Time[] = [];
  const { items } = await app.call('groups.alone', { limit: 500 });
  for (const { id } of items.slice(0, count)) {
    const [took] = await timed('name', { faces: [id], name: nameOf(personOf[id]!), merge: true });
    seconds.push(took);
  }
  return seconds;
}

async function queries(): Promise<Record<string, Times>> {
  const next = random(5);
  const times = new Map<string, Time[]>();
  const ask = async <N extends RequestName>(name: N, params: Params<N>, as: string = name) => {
    const [took, result] = await timed(name, params);
    times.set(as, [...(times.get(as) ?? []), took]);
    return result;
  };
  const paged = async (total: number, page: (cursor: string | null) => Promise<unknown>) => {
    for (const share of [0, 0.1, 0.5, 0.9, 0.99]) {
      await page(share === 0 ? null : String(Math.floor(share * total)));
    }
  };
  // The searches for relatives are about these.
  for (const id of [2, 3] as PersonId[])
    await app.call('people.relate', { id, is: 'child', of: 1 as PersonId, replace: true });
  for (let round = 0; round < 3; round++) {
    await ask('library.overview', {});
    await ask('folders.list', {});
    const people = await ask('people.list', {});
    await paged(people.total, (cursor) => ask('people.list', { cursor }));
    for (const { id, confirmed, sure } of [...people.items.slice(0, 3), ...people.items.slice(-3)]) {
      await ask('people.get', { id });
      await ask('people.relations', { id });
      await paged(confirmed, (cursor) => ask('people.faces', { id, status: 'confirmed', cursor }));
      await paged(sure, (cursor) => ask('people.faces', { id, status: 'sure', cursor }));
      await ask('people.faces', { id, status: 'ask' });
      await ask('photos.list', { person: id }, 'photos.list of a person');
    }
    for (const text of ['p', 'person 1', '99']) await ask('people.search', { text });
    const groups = await ask('groups.list', {});
    await paged(groups.total, (cursor) => ask('groups.list', { cursor }));
    for (const { id } of groups.items.slice(0, 5)) await ask('groups.faces', { id });
    const alone = await ask('groups.alone', {});
    await paged(alone.total, (cursor) => ask('groups.alone', { cursor }));
    const all = await ask('photos.list', {});
    await paged(all.total, (cursor) => ask('photos.list', { cursor }));
    const [folder] = await app.call('folders.list', {});
    await ask('photos.list', { folder: folder!.id }, 'photos.list of a folder');
    for (let i = 0; i < 20; i++) {
      await ask('photos.get', { id: 1 + Math.floor(next() * all.total) } as Params<'photos.get'>);
    }
    const ids = Array.from({ length: 200 }, () => 1 + Math.floor(next() * (personOf.length - 1)));
    await ask('faces.get', { ids } as Params<'faces.get'>);
    await ask('photos.unreadable', {});
    await ask('review.next', {});
    await ask('journal.list', {});
    await ask('settings.get', {});
    // Every query is one that was not asked before: the same again, or its next page, is answered from memory.
    for (const [typed, query] of Object.entries(SEARCHES)) {
      const not = { kind: 'text', text: `nothing ${round} is called so` } as const;
      const anew = round === 0 ? query : [...query, { not: true, any: [not] }];
      await ask('search.photos', { query: anew }, `search.photos: ${typed}`);
      await ask('search.months', { query: anew });
    }
    await ask('search.vocabulary', {});
  }
  return Object.fromEntries([...times].map(([name, seconds]) => [name, summary(seconds)]));
}

/** Adds one of the first three people to photos all over the library, without a face: searches have to look there too. */
async function putPeople(count: number): Promise<void> {
  const { total } = await app.call('photos.list', { limit: 1 });
  const { items: people } = await app.call('people.list', { limit: 3 });
  for (let at = 0; at < count; at++) {
    const id = (1 + Math.floor((at * total) / count)) as PhotoId;
    const { faces } = await app.call('photos.get', { id });
    const absent = people.find((person) => faces.every((face) => face.person?.id !== person.id));
    if (absent) await app.call('photos.putPerson', { id, name: absent.name });
  }
}

/** Says which phase begins, and how much memory the ones before took at the most. */
function phase(name: string): void {
  console.error(`${name} … (until now ${(peak() / 1e9).toFixed(2)} GB at the peak)`);
}

/** Bytes: resident set of this process at its largest until now. */
function peak(): number {
  return process.resourceUsage().maxRSS * 1024;
}

async function measure(): Promise<Measured> {
  const [firstList] = await timed('people.list', {});
  phase('Groups');
  const first = await scanNothing();
  process.send?.('grouped');
  await new Promise((resolve) => process.once('message', resolve));
  phase('Faces that came later');
  const later = await scanNothing();
  const [regroup, plan] = await timed('groups.plan', {});
  phase('Names');
  const groups = await nameGroups(settings.people);
  const single = await nameFaces(20);
  phase('Questions');
  const review = await answerQuestions(settings.answers);
  const undo: Time[] = [];
  for (let i = 0; i < 10; i++) undo.push((await timed('journal.undo', {}))[0]);
  for (let i = 0; i < 10; i++) undo.push((await timed('journal.redo', {}))[0]);
  await putPeople(500);
  phase('Lists');
  const lists = await queries();
  return {
    opened,
    firstList,
    first,
    later,
    regroup,
    moved: plan.moved,
    naming: summary(groups.seconds),
    largest: groups.rows.toSorted((a, b) => b.faces - a.faces).slice(0, 5),
    single: summary(single),
    review: summary(review.seconds),
    answers: review.answers,
    undo: summary(undo),
    lists,
    overview: await app.call('library.overview', {}),
    peak: peak(),
  };
}

console.log(JSON.stringify(await measure()));
await app.close();
process.disconnect?.();
