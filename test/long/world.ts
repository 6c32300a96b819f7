import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Params, RequestName } from '../../electron/contract/api.ts';
import type { Reply, ServiceEvent } from '../../electron/contract/events.ts';
import type { App } from '../../electron/service/app/app.ts';
import { replyTo } from '../../electron/service/app/door.ts';
import { random } from '../fixtures/random.ts';
import { madePhoto } from '../service/support/made-pool.ts';
import { type House, thisProcess } from './houses.ts';
import { CAST } from './made-vision.ts';
import { RecordReader } from './record.ts';

/** Photos that a sequence begins with; with one to three faces each, some fifty faces. */
const PHOTOS = 24;

export type Encoder = 'dlib' | 'facenet-512';
export type Detector = 'ssd' | 'haar';

/** A page or a command line: what it was told, and since when. */
export interface Sender {
  heard: ServiceEvent[];
}

/** One request of the contract. */
export type Request = { [N in RequestName]: { name: N; params: Params<N> } }[RequestName];

/** The real service on a real file, those who use it, and the folder of photos that it looks at. */
export class World {
  readonly root: string;
  readonly photos: string;
  /** Two pages and a command line. */
  readonly senders: readonly Sender[] = [{ heard: [] }, { heard: [] }, { heard: [] }];
  readonly house: House;
  encoder: Encoder = 'dlib';
  detector: Detector = 'ssd';
  #salt = 0;
  readonly #chance: () => number;
  #apps: App[] = [];
  #reader: RecordReader | null = null;

  /** @param build where its service runs, given a folder of its own for the record; in this process when left out */
  constructor(seed: number, build: (folder: string) => House = thisProcess) {
    this.root = mkdtempSync(join(tmpdir(), 'kith-sequence-'));
    this.photos = join(this.root, 'photos');
    this.house = build(this.root);
    this.#chance = random(seed);
    mkdirSync(this.photos);
    for (let i = 0; i < PHOTOS; i++) this.addPhoto();
  }

  get file(): string {
    return this.house.file;
  }

  async open(): Promise<void> {
    const { detector, encoder } = this;
    this.#use(await this.house.open({ detector, encoder }));
  }

  #use(apps: App[]): void {
    const isOther = apps !== this.#apps;
    this.#apps = apps;
    this.#reader = new RecordReader(this.file);
    if (!isOther) return;
    for (const [at, { heard }] of this.senders.entries()) this.#of(at).on((event) => heard.push(event));
  }

  /**
   * A reply as it comes over a wire.
   *
   * @param by which of the senders asks
   * @param seen how far that one has followed the record; null: it shows nothing that could be old
   */
  ask({ name, params }: Request, by = 0, seen: number | null = null): Promise<Reply> {
    return replyTo(this.#of(by), name, params, { sender: String(by), seen });
  }

  /** How far the record has come. */
  get position(): number {
    return this.#of(0).position;
  }

  get record(): RecordReader {
    return this.#reader!;
  }

  #of(sender: number): App {
    return this.#apps[sender % this.#apps.length]!;
  }

  /** Looks at the folder, and waits until all that follows from it is done. @returns its last state */
  async scan(): Promise<unknown> {
    const ended = new Promise<unknown>((resolve) => {
      const stop = this.#of(0).on((event) => {
        // The last that a scan tells: the lists that it has changed.
        if (event.kind === 'scan' && ['done', 'failed', 'cancelled'].includes(event.state.phase)) {
          stop();
          setImmediate(() => resolve(event.state));
        }
      });
    });
    const begun = await this.ask({ name: 'scan.start', params: { path: this.photos } });
    return begun.ok ? ended : begun.failure;
  }

  async close(): Promise<void> {
    this.#reader?.close();
    this.#reader = null;
    const apps = this.#apps;
    this.#apps = [];
    await Promise.all(apps.map((app) => app.close()));
  }

  /** Kills Kith, and starts it again on what is left. Whatever it held in memory is gone. */
  async crash(): Promise<void> {
    this.#reader?.close();
    const { detector, encoder } = this;
    this.#use(await this.house.kill(this.#apps, { detector, encoder }));
  }

  addPhoto(): void {
    const people = Array.from({ length: 1 + Math.floor(this.#chance() * 3) }, () =>
      // Some people are on many photos, others on few.
      String(Math.floor(CAST * this.#chance() ** 2)),
    );
    const name = `${String(this.#salt).padStart(3, '0')}.jpg`;
    writeFileSync(join(this.photos, name), madePhoto([...new Set(people)], String(this.#salt++)));
  }

  removePhoto(at: number): void {
    const files = readdirSync(this.photos).sort();
    const file = files[at % files.length];
    if (file !== undefined) rmSync(join(this.photos, file));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
