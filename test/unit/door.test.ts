import { expect, it } from 'vitest';
import { RequestName } from '../../electron/contract/api.ts';
import { KithError } from '../../electron/contract/errors.ts';
import { factList } from '../../electron/contract/fact-list.ts';
import type { App } from '../../electron/service/app/app.ts';
import { changesNames } from '../../electron/service/app/create.ts';
import { answer, failureOf, replyTo } from '../../electron/service/app/door.ts';
import type { Handlers } from '../../electron/service/app/handlers.ts';
import { pageOf } from '../../electron/service/app/paging.ts';

const asked = { signal: new AbortController().signal };

/** The door before these handlers alone. */
const behind = (handlers: Partial<Handlers>) =>
  ({ call: (name, params) => answer(handlers as Handlers, name, params, asked) }) as App;

it('Whoever only looks never waits until all faces are read: that is for what changes who is who.', () => {
  expect(RequestName.options.filter(changesNames).toSorted()).toEqual(
    [
      'faces.confirm',
      'faces.mark',
      'faces.refuse',
      'groups.mark',
      'groups.merge',
      'learn.forget',
      'name',
      'people.apart',
      'people.hide',
      'people.merge',
      'people.remove',
      'people.rename',
      'people.split',
      'review.answer',
      'settings.set',
      ...factList.map((fact) => `people.${fact}`),
    ].toSorted(),
  );
});

it('However many ids of a request are wrong, the refusal is a few lines long.', async () => {
  const app = behind({});
  for (const count of [4, 10_000, 100_000, 2_000_000]) {
    const reply = await replyTo(app, 'faces.mark', { faces: new Array(count).fill(0), as: 'ignored' });
    expect(reply).toMatchObject({ ok: false, failure: { code: 'bad-request' } });
    expect(JSON.stringify(reply).length).toBeLessThan(1000);
  }
});

it('A failure is told in a thousand letters at most, and is text to the end.', () => {
  const detail = `x${'🙂'.repeat(100_000)}`;
  for (const error of [new KithError('not-found', detail), new Error(detail)]) {
    const { detail: told } = failureOf(error);
    expect(told.length).toBeLessThanOrEqual(1000);
    expect(told.isWellFormed()).toBe(true);
  }
  expect(failureOf(new KithError('not-found', 'person 12')).detail).toBe('person 12');
});

it('An answer that is not what the contract promises is a defect, where answers are checked.', async () => {
  const wrong = behind({ 'groups.move': () => ({ entry: 'none' as never }) });
  const reply = await replyTo(wrong, 'groups.move', { faces: [1], to: null });
  expect(reply).toMatchObject({ ok: false, failure: { code: 'internal' } });
  const right = behind({ 'groups.move': () => ({ entry: null }) });
  expect(await replyTo(right, 'groups.move', { faces: [1], to: null })).toEqual({
    ok: true,
    result: { entry: null },
  });
});

it.each(['', '1e300', '-1', '0.5', ' 1', '0x10', '9'.repeat(16), 'x', '1\0'])(
  'A list gives no page for the cursor %j, which it never gave.',
  async (cursor) => {
    expect(() => pageOf(cursor, 10, () => ({ items: [], total: 0 }))).toThrow(/cursor/);
  },
);
