import { iou, type UnitBox } from '../contract/geometry.ts';
import type { MetadataForm } from '../contract/metadata.ts';
import { type RegionForm, TAG_OF, WORD_FORMS, type WordForm, wordFor } from './forms.ts';
import type { Area, NamedRegion } from './region.ts';
import { hasDimensions, SHAPES, type Sides, withDimensions, withoutDimensions } from './region-forms.ts';
import { isSameValue, type Struct, wordsOf } from './struct.ts';
import { isSameArea, type Written } from './written.ts';

/** The tags of a file that names may stand in, by form; a form that the file lacks is left out. */
export type Tags = Partial<Record<MetadataForm, unknown>>;

export const REGION_FORMS: readonly RegionForm[] = ['mwg', 'microsoft', 'iptc'];

/** Overlap (intersection over union) from which two regions show one face: see SAME_FACE of library/match-boxes.ts. */
const SAME_FACE = 0.35;

/** The same for two regions of one name: a program may draw the whole head. Nobody is on a photo twice. Chosen by hand. */
const SAME_NAME = 0.1;

/** What is to be written into a file. */
export interface Wish {
  faces: readonly NamedRegion[];
  /** Names of people without a face. */
  people: readonly string[];
  forms: readonly MetadataForm[];
  /** The stored picture's. */
  sides: Sides;
  /**
   * What the photo itself holds, where a sidecar is written. Programs that find a list in a sidecar pass over the photo's, so
   * a list that the sidecar lacks begins with the photo's.
   */
  below: Tags;
}

/** A place in a list at which a region of Kith's was. */
class Free {
  readonly area: Area;

  constructor(area: Area) {
    this.area = area;
  }
}

type Slots = (Struct | Free)[];

/**
 * The tags of a file with these names instead of those that Kith wrote before. Whatever Kith did not write stays as it is.
 *
 * @param now what stands in the file
 * @param before what Kith has written into it
 * @returns `written`: what Kith has written into it then
 */
export function merge(now: Tags, before: Written, wish: Wish): { tags: Tags; written: Written } {
  const tags: Tags = {};
  const written: Written = [];
  for (const form of REGION_FORMS) {
    const result = mergeRegions(form, now[form], before, wish);
    if (result.value !== null) tags[form] = result.value;
    written.push(...result.written);
  }
  for (const form of WORD_FORMS) {
    const result = mergeWords(form, now[form], before, wish);
    if (result.words.length > 0) tags[form] = result.words;
    written.push(...result.written);
  }
  return { tags, written };
}

function mergeRegions(form: RegionForm, now: unknown, before: Written, wish: Wish) {
  const shape = SHAPES[form];
  const { sides } = wish;
  const written: Written = [];
  const slots: Slots = shape.listOf(now).map((region) => {
    const area = shape.areaOf(region, now, sides);
    if (area === null) return region;
    const name = shape.nameOf(region);
    for (const piece of before) {
      if (!('area' in piece) || piece.form !== form || piece.name !== name || !isSameArea(piece, area))
        continue;
      return piece.kind === 'rename' ? shape.renamed(region, piece.was) : new Free(area);
    }
    return region;
  });
  const isMade = before.some((piece) => piece.kind === 'tag' && piece.form === form);
  const isForeign = (slot: Slots[number]): slot is Struct => !(slot instanceof Free);
  const wanted = wish.forms.includes(form) ? [...wish.faces] : [];
  const own = before.some((piece) => piece.kind === 'dimensions' && piece.form === form);
  const foreign = own ? withoutDimensions(now) : now;
  let base = isMade && !slots.some(isForeign) ? undefined : foreign;
  if (wanted.length > 0 && base === undefined) {
    const copied = shape.listOf(wish.below[form]);
    if (copied.length > 0) base = shape.withList(wish.below[form], []) ?? undefined;
    for (const region of copied) {
      const area = shape.areaOf(region, wish.below[form], sides);
      // What has no area can't be known again, so it could not be taken back.
      if (area === null) continue;
      put(slots, region, area);
      written.push({ kind: 'region', form, name: shape.nameOf(region), area });
    }
    written.push({ kind: 'tag', form });
  } else if (isMade && base !== undefined) written.push({ kind: 'tag', form });

  for (const face of pairUp(slots)) {
    const { region, at } = face;
    if (region === null) {
      const made = shape.make(face.wanted);
      put(slots, made, face.wanted.area);
      written.push({ kind: 'region', form, name: face.wanted.name, area: face.wanted.area });
      continue;
    }
    const was = shape.nameOf(region);
    if (was === face.wanted.name) continue;
    const area = shape.areaOf(region, now, sides)!;
    slots[at] = shape.renamed(region, face.wanted.name);
    const copied = written.find(
      (piece) => piece.kind === 'region' && piece.name === was && isSameArea(piece, area),
    );
    if (copied?.kind === 'region') copied.name = face.wanted.name;
    else written.push({ kind: 'rename', form, name: face.wanted.name, area, was });
  }
  const list = slots.filter(isForeign);
  if (list.length === 0 && base === undefined) return { value: null, written: [] };
  if (form !== 'mwg' || wanted.length === 0 || hasDimensions(base))
    return { value: shape.withList(base, list), written };
  written.push({ kind: 'dimensions', form });
  return { value: shape.withList(withDimensions(base, sides), list), written };

  /** Finds for each face the region that shows it already, the best pairs first. */
  function pairUp(slots: Slots): { wanted: NamedRegion; region: Struct | null; at: number }[] {
    const pairs = slots.flatMap((slot, at) => {
      if (!isForeign(slot) || !shape.isFace(slot)) return [];
      const area = shape.areaOf(slot, base, sides);
      if (area === null) return [];
      return wanted.map((face) => {
        const isNamed = shape.nameOf(slot) === face.name;
        return { face, at, isNamed, overlap: overlapOf(area, face.area) };
      });
    });
    const good = pairs
      .filter(({ isNamed, overlap }) => overlap >= (isNamed ? SAME_NAME : SAME_FACE))
      .toSorted((a, b) => Number(b.isNamed) - Number(a.isNamed) || b.overlap - a.overlap || a.at - b.at);
    const taken = new Map<NamedRegion, number>();
    for (const { face, at } of good) {
      if (!taken.has(face) && ![...taken.values()].includes(at)) taken.set(face, at);
    }
    return wanted.map((face) => {
      const at = taken.get(face) ?? -1;
      return { wanted: face, region: at < 0 ? null : (slots[at] as Struct), at };
    });
  }
}

/** Puts a region where Kith's own of the same place was, else where any of Kith's was, else at the end. */
function put(slots: Slots, region: Struct, area: Area): void {
  const free = slots.flatMap((slot, at) =>
    slot instanceof Free ? [{ at, overlap: overlapOf(slot.area, area) }] : [],
  );
  const [best] = free.toSorted((a, b) => b.overlap - a.overlap || a.at - b.at);
  if (best === undefined) slots.push(region);
  else slots[best.at] = region;
}

function mergeWords(form: WordForm, now: unknown, before: Written, wish: Wish) {
  const words = wordsOf(now);
  const mine = new Set(
    before.flatMap((piece) => (piece.kind === 'word' && piece.form === form ? [piece.word] : [])),
  );
  const foreign = words.filter((word) => !mine.has(word));
  const names = wish.forms.includes(form) ? [...wish.faces.map(({ name }) => name), ...wish.people] : [];
  const wanted = names.map((name) => wordFor(form, name));
  const copied = wanted.length > 0 && foreign.length === 0 ? wordsOf(wish.below[form]) : [];
  const added = [...new Set([...copied, ...wanted])].filter((word) => !foreign.includes(word));
  const written: Written = added.map((word) => ({ kind: 'word', form, word }));
  // Words that stay keep their place.
  const kept = words.filter((word) => !mine.has(word) || added.includes(word));
  return { words: [...kept, ...added.filter((word) => !kept.includes(word))], written };
}

/**
 * What ExifTool is to be told to make these tags of those; nothing where they are the same. Structures are written anew as a
 * whole, words one by one.
 */
export function argumentsFor(from: Tags, to: Tags): string[] {
  const regions = REGION_FORMS.flatMap((form) => {
    if (isSameValue(from[form], to[form])) return [];
    return [`-${TAG_OF[form]}=${to[form] === undefined ? '' : JSON.stringify(to[form])}`];
  });
  const words = WORD_FORMS.flatMap((form) => {
    const [had, has] = [wordsOf(from[form]), wordsOf(to[form])];
    return [
      ...had.filter((word) => !has.includes(word)).map((word) => `-${TAG_OF[form]}-=${word}`),
      ...has.filter((word) => !had.includes(word)).map((word) => `-${TAG_OF[form]}+=${word}`),
    ];
  });
  return [...regions, ...words];
}

function overlapOf(a: Area, b: Area): number {
  return iou(a as UnitBox, b as UnitBox);
}
