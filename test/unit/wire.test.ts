import { describe, expect, it } from 'vitest';
import {
  type ShellParams,
  ShellRequestName,
  type ShellResult,
  shellRequests,
} from '../../electron/contract/shell.ts';
import { HostFrame, RequestFrame } from '../../electron/contract/wire.ts';

describe('Frames of the socket', () => {
  it('from a page carry a number, a name and anything', () => {
    const frame = { id: 7, name: 'people.get', params: { id: 1 } };
    expect(RequestFrame.parse(frame)).toEqual(frame);
    for (const wrong of [{ ...frame, id: -1 }, { ...frame, id: '7' }, { id: 7 }, null, [frame]]) {
      expect(RequestFrame.safeParse(wrong).success).toBe(false);
    }
  });

  it.each([
    { id: 7, ok: true, result: { entry: null } },
    { id: 7, ok: false, failure: { code: 'internal', detail: 'here' } },
    { event: { kind: 'found', faces: [1, 2] } },
  ])('from the host are an answer or an event: %j', (frame) => {
    expect(HostFrame.parse(frame)).toEqual(frame);
  });

  it('hold no answer that is both, and no failure outside the closed list', () => {
    for (const wrong of [
      { id: 7, ok: false, result: {} },
      { id: 7, ok: false, failure: { code: 'oops', detail: '' } },
      { event: { kind: 'scan' } },
    ]) {
      expect(HostFrame.safeParse(wrong).success).toBe(false);
    }
  });
});

it('The shell has names of its own', () => {
  const params: ShellParams<'shell.reveal'> = { folder: '/home/anna/Kith faces' };
  const result: ShellResult<'shell.reveal'> = {};
  expect(shellRequests['shell.reveal'].params.parse(params)).toEqual(params);
  expect(shellRequests['shell.reveal'].result.parse(result)).toEqual(result);
  for (const name of Object.keys(shellRequests)) expect(ShellRequestName.safeParse(name).success).toBe(true);
  expect(ShellRequestName.safeParse('people.get').success).toBe(false);
});
