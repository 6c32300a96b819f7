import { fsyncSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { joinApp } from '../../electron/owner/join.ts';
import { replyTo } from '../../electron/service/app/door.ts';
import { openStore } from '../../models/store.ts';
import { random } from '../fixtures/random.ts';
import { madePhoto } from '../service/support/made-pool.ts';
import { byHand, type Line } from './kill-log.ts';
import { startMadeOwner } from './made-owner.ts';
import { CAST } from './made-vision.ts';
import { RecordReader } from './record.ts';
import { requestOf, type Saying } from './steps.ts';
import type { Request } from './world.ts';

// A host that does one thing after another to a library, through the process that owns it; any of them is killed. What it
// asks, and what it was told, is in its log before it goes on. Arguments: the folder that everything lies in, and a seed.

const [root, seed] = [process.argv[2]!, Number(process.argv[3])];
const file = join(root, 'library.kith');
const folderOf = (name: string) => {
  mkdirSync(join(root, name), { recursive: true });
  return join(root, name);
};
const [photos, copies, exported] = [folderOf('photos'), folderOf('copies'), folderOf('exports')];
const log = openSync(join(root, 'log'), 'a');

function note(line: Line): void {
  writeSync(log, `${JSON.stringify(line)}\n`);
  fsyncSync(log);
}

/** What is done now and then; most of the time somebody says something. */
const RARE = ['scan', 'backup', 'restore', 'export', 'import', 'learn'] as const;

/** One deed in so many is a rare one. */
const RARELY = 4;

const SAYINGS: Saying[] = [
  ...(['name-faces', 'name-group', 'name-both', 'confirm', 'refuse', 'merge', 'birth'] as const),
  ...(['undo', 'undo-entry', 'redo', 'regroup', 'move', 'split'] as const),
];

const chance = random(seed);
const pick = (count: number) => Math.floor(chance() * count);
const model = await openStore().find('dlib');
const backups: string[] = [];

function next(): Request | null {
  if (pick(RARELY) > 0) {
    const picks = Array.from({ length: 6 }, () => pick(10_000));
    return requestOf(
      SAYINGS[pick(SAYINGS.length)]!,
      picks,
      withRecord((reader) => reader.rows()),
    );
  }
  switch (RARE[pick(RARE.length)]!) {
    case 'scan':
      for (let i = 0; i < 4; i++) {
        const people = new Set([pick(CAST), pick(CAST)].map(String));
        writeFileSync(join(photos, `${seed}-${pick(1000)}.jpg`), madePhoto([...people], String(chance())));
      }
      return { name: 'scan.start', params: { path: photos } };
    case 'backup':
      return { name: 'library.backup', params: { path: join(copies, `${seed}-${pick(1000)}.kith`) } };
    case 'restore': {
      const path = backups[pick(backups.length)];
      return path === undefined ? null : { name: 'library.restore', params: { path } };
    }
    case 'export':
      return { name: 'export.crops', params: { all: true, folder: join(exported, String(pick(3))) } };
    case 'import':
      return { name: 'models.import', params: { paths: [model] } };
    case 'learn':
      return { name: 'learn.run', params: {} };
  }
}

function withRecord<T>(read: (reader: RecordReader) => T): T {
  const reader = new RecordReader(file);
  try {
    return read(reader);
  } finally {
    reader.close();
  }
}

function noteState(): void {
  note(withRecord((reader) => ({ kind: 'told', rows: byHand(reader.rows()), position: reader.position() })));
}

const app = await joinApp(
  { libraryFile: file, detector: 'ssd', encoder: 'dlib' },
  startMadeOwner('processes'),
);
noteState();
process.send!('begins');
for (;;) {
  const request = next();
  if (request === null) continue;
  note({ kind: 'asks', request });
  const reply = await replyTo(app, request.name, request.params);
  if (!reply.ok && reply.failure.code === 'connection-lost') break;
  if (!reply.ok && reply.failure.code === 'internal') note({ kind: 'defect', detail: reply.failure.detail });
  if (reply.ok && request.name === 'library.backup') backups.push(request.params.path!);
  noteState();
}
// The owner is gone in the midst of that. Whoever only looks finds another one.
await app.call('library.overview', {});
note({ kind: 'goes-on' });
process.send!('goes on');
