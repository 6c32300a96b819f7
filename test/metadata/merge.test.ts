import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MetadataForm } from '../../electron/contract/metadata.ts';
import { argumentsFor, merge, type Tags, type Wish } from '../../electron/metadata/merge.ts';
import { isSameValue } from '../../electron/metadata/struct.ts';
import type { Written } from '../../electron/metadata/written.ts';

// What is written and taken away, as arithmetic on tags: for any foreign tags, any names, in any order.

const SIDES = { width: 400, height: 240 };
const NOBODY: Wish = { faces: [], people: [], forms: MetadataForm.options, sides: SIDES, below: {} };

const name = fc.constantFrom('Anna', 'Ben', 'Carl', 'Dora|E', 'F/G', '');
const number = fc.integer({ min: 0, max: 8 }).map((value) => value / 10);
const area = fc.record({
  x: number,
  y: number,
  width: number.map((value) => 0.05 + value / 8),
  height: number.map((value) => 0.05 + value / 8),
});

const mwg = fc.record(
  {
    AppliedToDimensions: fc.constant({ W: '400', H: '240', Unit: 'pixel' }),
    RegionList: fc.array(
      fc
        .tuple(name, area, fc.constantFrom('Face', 'Pet', 'Focus'))
        .map(([Name, { x, y, width, height }, Type]) => ({
          ...{ Name, Type, Description: 'kept' },
          Area: { X: `${x}`, Y: `${y}`, W: `${width}`, H: `${height}`, Unit: 'normalized' },
        })),
      { minLength: 1, maxLength: 4 },
    ),
  },
  { requiredKeys: ['RegionList'] },
);
const microsoft = fc.record({
  Regions: fc.array(
    fc.tuple(name, area).map(([PersonDisplayName, { x, y, width, height }]) => ({
      ...{ PersonDisplayName, PersonEmailDigest: 'kept' },
      Rectangle: `${x}, ${y}, ${width}, ${height}`,
    })),
    { minLength: 1, maxLength: 4 },
  ),
});
const words = fc.uniqueArray(fc.constantFrom('Anna', 'Ben', 'People|Anna', 'People/Ben', 'holiday'), {
  minLength: 1,
});
const foreign = fc.record(
  { mwg, microsoft, subject: words, hierarchical: words, digikam: words, 'person-in-image': words },
  { requiredKeys: [] },
);

/** Nobody is on a photo twice. */
const faces = fc.uniqueArray(fc.record({ name: name.filter((one) => one !== ''), area }), {
  selector: (face) => face.name,
  maxLength: 3,
});
/** People without a face; one who has a face too does not come twice. */
const people = fc.uniqueArray(
  name.filter((one) => one !== ''),
  { maxLength: 2 },
);
const forms = fc.subarray([...MetadataForm.options], { minLength: 1 });
const wishes = fc.array(fc.record({ faces, people, forms }), { minLength: 1, maxLength: 4 });

function isSame(a: Tags, b: Tags): boolean {
  return MetadataForm.options.every((form) =>
    form === 'mwg' || form === 'microsoft' || form === 'iptc'
      ? isSameValue(a[form], b[form])
      : isSameValue(
          [...((a[form] as string[]) ?? [])].toSorted(),
          [...((b[form] as string[]) ?? [])].toSorted(),
        ),
  );
}

test('whatever names were written, taking them away gives what was there before', () => {
  fc.assert(
    fc.property(foreign, foreign, wishes, (now, below, steps) => {
      let state: { tags: Tags; written: Written } = { tags: now as Tags, written: [] };
      for (const step of steps)
        state = merge(state.tags, state.written, { ...NOBODY, ...step, below: below as Tags });
      const back = merge(state.tags, state.written, NOBODY);
      expect(isSame(back.tags, now as Tags), JSON.stringify(back.tags)).toBe(true);
      expect(back.written).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test('a second writing of the same names changes nothing, and what was written between leaves no trace', () => {
  fc.assert(
    fc.property(foreign, foreign, wishes, (now, below, steps) => {
      let state: { tags: Tags; written: Written } = { tags: now as Tags, written: [] };
      for (const step of steps)
        state = merge(state.tags, state.written, { ...NOBODY, ...step, below: below as Tags });
      const last = { ...NOBODY, ...steps.at(-1)!, below: below as Tags };
      const again = merge(state.tags, state.written, last);
      expect(argumentsFor(state.tags, again.tags)).toEqual([]);
      expect(again.written.toSorted(byText)).toEqual(state.written.toSorted(byText));
    }),
    { numRuns: 2000 },
  );
});

test('each name is there once in each form that was asked for, however many programs wrote before', () => {
  fc.assert(
    fc.property(foreign, faces, people, (now, wanted, others) => {
      const { tags } = merge(now as Tags, [], { ...NOBODY, faces: wanted, people: others });
      for (const other of others) {
        expect((tags.subject as string[]).filter((word) => word === other)).toEqual([other]);
        expect(tags['person-in-image']).toContain(other);
      }
      const regions = (tags.iptc as { Name: string }[] | undefined) ?? [];
      expect(regions.map((region) => region.Name).toSorted()).toEqual(
        wanted.map((face) => face.name).toSorted(),
      );
      for (const face of wanted) {
        expect(tags.subject).toContain(face.name);
        const list = (tags.mwg as { RegionList: { Name: string }[] }).RegionList;
        expect(list.map(({ Name }) => Name)).toContain(face.name);
      }
    }),
  );
});

const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
