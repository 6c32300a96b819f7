import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Learning } from '../../electron/contract/learning.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { facesWithNuisance } from '../fixtures/nuisance.ts';
import { nameFaces, recordFaces } from '../fixtures/recorded-faces.ts';
import { kith } from './cli.ts';

vi.setConfig({ testTimeout: 120_000 });

// Made faces in a real library; the command line does the rest.
const home = mkdtempSync(join(tmpdir(), 'kith-learn-'));
const library = join(home, 'library.kith');
const few = join(home, 'few.kith');
const report = join(home, 'report');
const made = facesWithNuisance(new Array<number>(8).fill(8));

beforeAll(() => {
  for (const [file, count] of [
    [library, made.people.length],
    [few, 20],
  ] as const) {
    const record = openLibrary(file);
    const faces = recordFaces(record, made).slice(0, count);
    nameFaces(record, faces, Array.from(made.people).slice(0, count));
    record.close();
  }
});
afterAll(() => rmSync(home, { recursive: true }));

describe('kith learn', () => {
  it('says in figures that what it learned is better, and writes them down with their curves', async () => {
    const { status, stdout, stderr } = await kith(['learn', '--library', library, '--report', report]);
    expect(stderr).toContain('Learning');
    expect(status).toBe(0);
    expect(stdout).toContain('64 confirmed faces of 8 people, triplet loss, dlib');
    expect(stdout).toMatch(/doubt left +\d+\.\d\d % → \d+\.\d\d %/);
    expect(stdout).toContain('Adopted');
    const page = readFileSync(join(report, 'report.md'), 'utf8');
    expect(page).toContain('**Adopted.**');
    const { files, ...figures } = JSON.parse(readFileSync(join(report, 'report.json'), 'utf8'));
    expect(files).toEqual(['report.md', 'loss.svg', 'before.svg', 'after.svg']);
    expect(Learning.parse(figures)).toMatchObject({ adopted: true, faces: 64, people: 8 });
    for (const file of files.slice(1)) {
      expect(page).toContain(`(${file})`);
      expect(readFileSync(join(report, file), 'utf8')).toMatch(/^<svg[\s\S]*<\/svg>\n$/);
    }
    const curve = /class="curve"[^>]* d="([^"]+)"/.exec(readFileSync(join(report, 'loss.svg'), 'utf8'))![1]!;
    expect(curve.split(/[MLC]/).length - 1).toBe(figures.curve.length);
  });

  it('gives the same as JSON, by the other loss, and forgets it', async () => {
    const { status, stdout } = await kith(['learn', '--library', library, '--loss', 'contrastive', '--json']);
    expect(status).toBe(0);
    expect(Learning.parse(JSON.parse(stdout))).toMatchObject({ loss: 'contrastive', adopted: true });
    const forget = ['learn', '--forget', '--library', library];
    expect((await kith(forget)).stdout).toBe('Forgotten: faces are seen as the encoder has them.\n');
    expect((await kith(forget)).stdout).toBe('There is nothing to forget.\n');
    const undone = await kith(['undo', '--library', library]);
    expect(undone.stdout).toContain('unlearn');
  });

  it('refuses to learn from too little, with what is there and what is needed', async () => {
    const { status, stdout, stderr } = await kith(['learn', '--library', few]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/50 confirmed faces of 5 people or more, and there are 20 of 3: name or confirm/);
  });
});

describe('The door', () => {
  it('says whether there is enough, learns, tells of it, and sees faces as before once that is undone', async () => {
    const app = await createApp({ libraryFile: library, detector: 'ssd', encoder: 'dlib' });
    try {
      const told: string[] = [];
      app.on((event) => {
        if (event.kind === 'changed') told.push(...event.what);
      });
      // Undone above: what was forgotten came back.
      expect(await app.call('learn.forget', {})).toEqual({ forgotten: true });
      expect(await app.call('learn.state', {})).toMatchObject({
        metric: null,
        ...{ faces: 64, people: 8, encoder: 'dlib', least: { faces: 50, people: 5 } },
      });
      const both = Promise.allSettled([app.call('learn.run', {}), app.call('learn.run', {})]);
      const [first, second] = await both;
      expect(first).toMatchObject({ status: 'fulfilled', value: { adopted: true, loss: 'triplet' } });
      expect(second).toMatchObject({ status: 'rejected', reason: { code: 'bad-request' } });
      expect(told).toContain('journal');
      expect((await app.call('learn.state', {})).metric).toMatchObject({ adopted: true });
      const { entry } = await app.call('journal.undo', {});
      expect(entry).toMatchObject({ action: 'learn' });
      expect((await app.call('learn.state', {})).metric).toBeNull();
      expect(await app.call('learn.forget', {})).toEqual({ forgotten: false });
    } finally {
      await app.close();
    }
  });
});
