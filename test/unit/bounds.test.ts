import { expect, it } from 'vitest';
import type { z } from 'zod';
import { contract } from '../fixtures/random-requests.ts';

/** Whether a string or a list says how long it may be; a text in a fixed form, such as a date, is short by its form. */
function isBounded(schema: z.ZodType): boolean {
  const { checks = [], format } = (schema as unknown as z.core.$ZodTypes)._zod.def as {
    checks?: z.core.$ZodCheck[];
    format?: string;
  };
  return format !== undefined || checks.some(({ _zod }) => _zod.def.check === 'max_length');
}

/** Where a request may be as long as anybody likes. */
function* unbounded(schema: z.ZodType, at: string): Generator<string> {
  const { def } = (schema as unknown as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      for (const [name, inner] of Object.entries(def.shape))
        yield* unbounded(inner as z.ZodType, `${at}.${name}`);
      return;
    case 'union':
      for (const option of def.options) yield* unbounded(option as z.ZodType, at);
      return;
    case 'array':
      if (!isBounded(schema)) yield `${at}[]`;
      return yield* unbounded(def.element as z.ZodType, `${at}[]`);
    case 'nullable':
    case 'optional':
    case 'default':
      return yield* unbounded(def.innerType as z.ZodType, at);
    case 'string':
      if (!isBounded(schema)) yield at;
  }
}

it('Every list and every text of a request has a bound.', () => {
  const found = Object.entries(contract).flatMap(([name, { params }]) => [...unbounded(params, name)]);
  expect(found).toEqual([]);
});
