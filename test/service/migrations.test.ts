import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { MIGRATIONS } from '../../electron/library/migrations.ts';

/** SHA-256 of each released step. Libraries that were made by it are out there: only ever add to this list. */
const RELEASED = [
  'c7690101549ff4fffaef568683f619a9538e139c19e512e22648b363fcbe5a05',
  'db00378d1928b3aa9b20c569df7968940fb2ee8f284aef28ac51154e56128341',
  'c1ed8c02f94056d2b6e707acc16c8e308d145eb064f9e22206c51feb67d401af',
  '9de3edb3df786c09ba17023a5314c67b54901944dde7cb89c135a2cc6aae7e25',
  'c93f39390cc947779f95d96773ff83a368161729c36da649c80af4b9d1b29860',
  '3f116983d1ec5c4f0444a7b9051ca09475ded463e31f01fd29d04216b8aad0da',
];

it('never changes a migration that was released', () => {
  const steps = MIGRATIONS.slice(0, RELEASED.length);
  expect(steps.map((step) => createHash('sha256').update(step).digest('hex'))).toEqual(RELEASED);
});
