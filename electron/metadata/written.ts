import { z } from 'zod';
import { MetadataForm } from '../contract/metadata.ts';

const Area = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

/** One thing that Kith wrote into a file. */
const Piece = z.discriminatedUnion('kind', [
  /** A region that Kith added. */
  z.object({ kind: z.literal('region'), form: MetadataForm, name: z.string(), area: Area }),
  /** A region of another program, to which Kith gave a name; `was`: its former one. */
  z.object({ kind: z.literal('rename'), form: MetadataForm, name: z.string(), area: Area, was: z.string() }),
  z.object({ kind: z.literal('word'), form: MetadataForm, word: z.string() }),
  /** The tag itself was not there before, so it goes with the last region. */
  z.object({ kind: z.literal('tag'), form: MetadataForm }),
  /** The size of the picture, which the regions that were there did not say. */
  z.object({ kind: z.literal('dimensions'), form: MetadataForm }),
]);
export type Piece = z.infer<typeof Piece>;

/** All that Kith wrote into one file. Nothing else is ever replaced or removed. */
export const Written = z.array(Piece);
export type Written = z.infer<typeof Written>;

/** How far apart two areas may be that are one: programs write fractions with some digits more or less. Chosen by hand. */
const ROUNDING = 2e-5;

export function isSameArea({ area }: { area: z.infer<typeof Area> }, b: z.infer<typeof Area>): boolean {
  return (['x', 'y', 'width', 'height'] as const).every((side) => Math.abs(area[side] - b[side]) <= ROUNDING);
}
