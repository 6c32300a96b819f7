import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StatementSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Database } from '../../electron/library/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'kith-statements-'));
let database: Database;

beforeAll(() => {
  database = new Database(join(folder, 'some.sqlite'));
  database.sqlite.exec('CREATE TABLE numbers (n INTEGER); INSERT INTO numbers VALUES (1), (2), (3)');
});

afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

it('A statement is compiled once, and sees what changed since, columns too.', () => {
  const { sqlite } = database;
  const select = () => sqlite.prepare('SELECT * FROM numbers WHERE n > ?');
  expect(select()).toBe(select());
  expect(select().all(2)).toEqual([{ n: 3 }]);
  sqlite.exec('INSERT INTO numbers VALUES (4); ALTER TABLE numbers ADD COLUMN name TEXT');
  expect(select().all(2)).toEqual([
    { n: 3, name: null },
    { n: 4, name: null },
  ]);
});

it('A statement that others may have is neither read row by row nor set otherwise; one of its own may be.', () => {
  const { sqlite } = database;
  const sql = 'SELECT n FROM numbers ORDER BY n';
  const shared: StatementSync = sqlite.prepare(sql);
  expect(() => shared.iterate()).toThrow('prepareAlone');
  expect(() => shared.setReturnArrays(true)).toThrow('prepareAlone');
  const rows = sqlite.prepareAlone(sql, { returnArrays: true }).iterate();
  expect(rows.next().value).toEqual([1]);
  expect(sqlite.prepare(sql).all()[0]).toEqual({ n: 1 });
  expect(rows.next().value).toEqual([2]);
});

it('More statements than are kept run like others.', () => {
  const { sqlite } = database;
  for (let at = 0; at < 1200; at++) expect(sqlite.prepare(`SELECT ${at} AS at`).get()).toEqual({ at });
  expect(sqlite.prepare('SELECT 0 AS at').get()).toEqual({ at: 0 });
});
