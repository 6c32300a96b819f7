import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { EntryId, PhotoId } from '../../electron/contract/ids.ts';
import type { Ledger } from '../../electron/contract/people.ts';
import type { ScanState } from '../../electron/contract/screens.ts';
import { addressOf } from '../../electron/owner/address.ts';
import type { App } from '../../electron/service/app/app.ts';
import { madePhoto } from '../service/support/made-pool.ts';
import { faults } from '../service/support/place.ts';
import type { House } from './houses.ts';
import { byHand, type Said } from './kill-log.ts';
import { changesBetween, RecordReader, type Rows, rowsOf } from './record.ts';
import { movedOutOfHeld } from './rules.ts';

/**
 * The phases of a scan in which groups form: photos are looked at, and there are groups; a thread groups meanwhile; all
 * are grouped at the end; names are given at the end.
 */
export const PHASES = ['looking', 'forming', 'grouping', 'matching'] as const;
export type Phase = (typeof PHASES)[number];

const PEOPLE = 10;
const PER_PHOTO = 5;

/** Photos that are looked at without a wait: enough for the first groups. */
const FIRST = 4;

/** Photos that come next, all together: with them there are so many faces that a thread groups them. */
const TOGETHER = 110;

/** Photos that are let through one by one, until that thread has begun. */
const LAST = 20;

/** A little longer than a scan waits from one grouping to the next, in milliseconds: see `app/forming.ts`. */
const UNTIL_NEXT = 3200;

/** A photo of whom it is known who is who. */
function clearPhoto(number: number, gate: string | null): string {
  // The first ones show the same people, so that there are groups of them at once.
  const from = number < FIRST ? 0 : number * 3;
  const people = Array.from({ length: PER_PHOTO }, (_, i) => String((from + i) % PEOPLE));
  return madePhoto(people, `clear\n${gate === null ? '' : `waits for:${gate}\n`}${number}`);
}

const nameOf = (person: string) => `Person ${person}`;

const gateOf = (number: number) => {
  if (number < FIRST) return null;
  return number < FIRST + TOGETHER ? 'most' : `photo ${number}`;
};

/** One folder that is scanned, phase by phase, by the real service on a real file. */
export class PhasedScan {
  readonly #root = mkdtempSync(join(tmpdir(), 'kith-phases-'));
  readonly #photos = join(this.#root, 'photos');
  readonly #house: House;
  #apps: App[] = [];
  /** What the scan has told since it began. */
  #states: ScanState[] = [];
  #next = FIRST + TOGETHER;
  /** Entries of names that have gone to everybody who is sure. */
  readonly #followed = new Set<EntryId | null>();
  /** What the user was told of names as saved. */
  #said: Said = {};

  constructor(build: (folder: string) => House) {
    this.#house = build(this.#root);
    mkdirSync(this.#photos);
    for (let i = 0; i < FIRST + TOGETHER + LAST; i++)
      writeFileSync(join(this.#photos, `${String(i).padStart(3, '0')}.jpg`), clearPhoto(i, gateOf(i)));
  }

  get app(): App {
    return this.#apps[0]!;
  }

  get state(): ScanState | undefined {
    return this.#states.at(-1);
  }

  async open(): Promise<void> {
    this.#use(await this.#house.open({ detector: 'ssd', encoder: 'dlib' }));
  }

  #use(apps: App[]): void {
    if (apps === this.#apps) return;
    this.#apps = apps;
    this.app.on((event) => {
      if (event.kind === 'scan') this.#states.push(event.state);
      if (event.kind === 'ledger' && !event.ledger.reading) this.#followed.add(event.ledger.entry);
    });
  }

  /** Goes on until the scan is in this phase; begins one where none is at work. */
  async reach(phase: Phase): Promise<void> {
    if (!this.#isAtWork()) await this.#begin();
    await until(() => rowsOf(this.rows(), 'groups').length > 0);
    if (phase === 'looking') return;
    this.#letThrough('most');
    if (phase === 'forming') await this.#formInThread();
    else {
      this.#letAllThrough();
      await until(() => this.#states.some((state) => state.phase === phase));
    }
  }

  #isAtWork(): boolean {
    const phase = this.state?.phase;
    return phase !== undefined && !['done', 'failed', 'cancelled'].includes(phase);
  }

  async #begin(): Promise<void> {
    this.#states = [];
    await this.app.call('scan.start', { path: this.#photos });
  }

  async #formInThread(): Promise<void> {
    const begin = performance.now();
    await until(async () => (await this.app.call('library.overview', {})).photos >= FIRST + TOGETHER);
    await wait(Math.max(0, UNTIL_NEXT - (performance.now() - begin)));
    const before = this.#threads();
    while (this.#next < FIRST + TOGETHER + LAST && this.#threads() <= before) {
      this.#letThrough(`photo ${this.#next++}`);
      await wait(50);
    }
  }

  /** Threads of the process that has the record open, as Linux tells; none elsewhere. */
  #threads(): number {
    const pid = addressOf(this.#house.file)?.pid ?? process.pid;
    return process.platform === 'linux' ? readdirSync(`/proc/${pid}/task`).length : 0;
  }

  #letThrough(gate: string): void {
    writeFileSync(join(this.#photos, gate), '');
  }

  #letAllThrough(): void {
    this.#letThrough('most');
    for (let i = FIRST + TOGETHER; i < FIRST + TOGETHER + LAST; i++) this.#letThrough(`photo ${i}`);
  }

  /**
   * The user names the largest group that has no name, by who it truly is, and waits until the name has gone to everybody
   * who is sure, which may come later than the answer.
   */
  async name(): Promise<void> {
    const ledger = await this.#name();
    if (ledger?.reading) await until(() => this.#followed.has(ledger.entry));
    this.#said = { ...this.#said, ...byHand(this.rows()) };
  }

  /** The user says that a photo is a collage, and that it is none: all faces are to be read again. */
  async sayAndTakeBack(): Promise<void> {
    const id = rowsOf(this.rows(), 'photos')[0]!.id as PhotoId;
    for (const several of [true, false]) await this.app.call('photos.several', { id, several });
  }

  /** As {@link PhasedScan.name}, but the user does not wait for the answer: whether it was done is not known if Kith is killed. */
  nameMeanwhile(): void {
    this.#name().catch(() => {});
  }

  async #name(): Promise<Ledger | null> {
    const { items } = await this.app.call('groups.list', { limit: 1 });
    if (items.length === 0) return null;
    const { id } = items[0]!;
    const { person } = this.#faces().find(({ group }) => group === id)!;
    const named = { faces: [], groups: [id], name: nameOf(person), merge: true };
    const result = await this.app.call('name', named);
    return result.kind === 'named' ? result.ledger : null;
  }

  rows(): Rows {
    const reader = new RecordReader(this.#house.file);
    try {
      return reader.rows();
    } finally {
      reader.close();
    }
  }

  /** Ends the owner as SIGKILL does, and starts Kith again. @returns what is not as it was */
  async kill(): Promise<string[]> {
    const before = this.rows();
    this.#use(await this.#house.kill(this.#apps, { detector: 'ssd', encoder: 'dlib' }));
    this.#states = [];
    return [...this.losses(), ...movedOutOfHeld(before, changesBetween(before, this.rows()))];
  }

  /** Lets all photos through, and waits until a scan was done; begins one where the last was killed or cancelled. */
  async end(): Promise<void> {
    this.#letAllThrough();
    if (this.state?.phase !== 'done' && !this.#isAtWork()) await this.#begin();
    await until(() => !this.#isAtWork());
  }

  /** What is wrong with the file, and what the user has said that is not in the record. */
  losses(): string[] {
    const rows = this.rows();
    const lost = Object.entries(this.#said).filter(
      ([key, row]) => JSON.stringify(rows.get(key)) !== JSON.stringify(row),
    );
    return [
      ...faults(this.#house.file).map((fault) => JSON.stringify(fault)),
      ...lost.map(
        ([key, row]) => `${key} was ${JSON.stringify(row)}, and is ${JSON.stringify(rows.get(key))}`,
      ),
    ];
  }

  /** How the record differs from that of a scan that nobody disturbed: each person is one group, and named if they were. */
  faultsAtEnd(): string[] {
    const faces = this.#faces();
    const people = Map.groupBy(faces, ({ person }) => person);
    const scattered = [...people].flatMap(([person, some]) => {
      const groups = new Set(some.map(({ group }) => group));
      return groups.size === 1 && !groups.has(null) ? [] : [`person ${person} is in groups ${[...groups]}`];
    });
    const groups = new Set(faces.map(({ group }) => group));
    const named = new Set(rowsOf(this.rows(), 'people').map(({ name }) => name));
    const wrong = faces.filter(
      ({ person, name }) => name !== (named.has(nameOf(person)) ? nameOf(person) : null),
    );
    return [
      ...this.losses(),
      ...(faces.length === (FIRST + TOGETHER + LAST) * PER_PHOTO ? [] : [`there are ${faces.length} faces`]),
      ...scattered,
      ...(groups.size === people.size ? [] : [`${people.size} people are in ${groups.size} groups`]),
      ...wrong.map(({ id, person, name }) => `face ${id} of person ${person} is named ${name}`),
    ];
  }

  #faces(): { id: number; group: number | null; person: string; name: string | null }[] {
    const sqlite = new DatabaseSync(this.#house.file, { readOnly: true });
    const rows = sqlite
      .prepare(
        `SELECT faces.id, group_id AS "group", CAST(jpeg AS TEXT) AS crop, people.name AS name
         FROM faces JOIN crops ON crops.face_id = faces.id LEFT JOIN labels ON labels.face_id = faces.id
         LEFT JOIN people ON people.id = labels.person_id`,
      )
      .all() as unknown as { id: number; group: number | null; crop: string; name: string | null }[];
    sqlite.close();
    return rows.map(({ crop, ...row }) => ({ ...row, person: crop.split(':')[0]! }));
  }

  async close(): Promise<void> {
    await Promise.all(this.#apps.map((app) => app.close()));
    rmSync(this.#root, { recursive: true, force: true });
  }
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(5);
}
