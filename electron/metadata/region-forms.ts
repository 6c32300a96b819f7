import type { RegionForm } from './forms.ts';
import type { Area, NamedRegion } from './region.ts';
import { isStruct, type Struct, structsOf, textOf, wordsOf } from './struct.ts';

/** Width and height of the stored picture, in pixels. */
export interface Sides {
  width: number;
  height: number;
}

/** How one form keeps regions: where the list of them is, and what a region looks like. */
export interface RegionShape {
  /** The regions of the tag's value, in their order. */
  listOf(value: unknown): Struct[];
  /** The value with another list; null where there is nothing left to say. */
  withList(value: unknown, list: Struct[]): Struct | Struct[] | null;
  /** A new region. */
  make(region: NamedRegion): Struct;
  nameOf(region: Struct): string;
  renamed(region: Struct, name: string): Struct;
  /** Where it lies; null where it has no place that can be told. */
  areaOf(region: Struct, value: unknown, sides: Sides): Area | null;
  /** Whether it may be of a face: of a pet, a text or a thing it is not. */
  isFace(region: Struct): boolean;
}

/** Decimals of a fraction: a tenth of a pixel of a photo 100,000 pixels wide. Chosen by hand. */
const DECIMALS = 6;

const fixed = (value: number): string => value.toFixed(DECIMALS);

/** Metadata Working Group, "Guidelines for Handling Image Metadata" 2.0, section 5.9: X and Y are the centre. */
const mwg: RegionShape = {
  listOf: (value) => (isStruct(value) ? structsOf(value.RegionList) : []),
  withList: (value, list) => {
    const { RegionList: _, ...rest } = isStruct(value) ? value : ({} as Struct);
    if (list.length > 0) return { ...rest, RegionList: list };
    return Object.keys(rest).length > 0 ? rest : null;
  },
  make: ({ name, area }) => ({
    Name: name,
    Type: 'Face',
    Area: {
      X: fixed(area.x + area.width / 2),
      Y: fixed(area.y + area.height / 2),
      W: fixed(area.width),
      H: fixed(area.height),
      Unit: 'normalized',
    },
  }),
  nameOf: ({ Name }) => textOf(Name),
  renamed: (region, name) => ({ ...region, Name: name }),
  isFace: ({ Type: type }) => ['', 'face'].includes(textOf(type).toLowerCase()),
  areaOf: ({ Area: area }, value, sides) => {
    if (!isStruct(area)) return null;
    const applied = isStruct(value) && isStruct(value.AppliedToDimensions) ? value.AppliedToDimensions : {};
    const [width, height] = [Number(applied.W) || sides.width, Number(applied.H) || sides.height];
    const isPixels = textOf(area.Unit).toLowerCase() === 'pixel';
    const [across, down] = isPixels ? [width, height] : [1, 1];
    // A circle's diameter is a share of the shorter side.
    const diameter = Number(area.D ?? 0) * (isPixels ? 1 : Math.min(width, height));
    const w = area.W === undefined ? diameter / width : Number(area.W) / across;
    const h = area.H === undefined ? diameter / height : Number(area.H) / down;
    return sound({
      x: Number(area.X) / across - w / 2,
      y: Number(area.Y) / down - h / 2,
      width: w,
      height: h,
    });
  },
};

/** Microsoft, "People Tagging Overview": `Rectangle` is "left, top, width, height". */
const microsoft: RegionShape = {
  listOf: (value) => (isStruct(value) ? structsOf(value.Regions) : []),
  withList: (value, list) => {
    const { Regions: _, ...rest } = isStruct(value) ? value : ({} as Struct);
    if (list.length > 0) return { ...rest, Regions: list };
    return Object.keys(rest).length > 0 ? rest : null;
  },
  make: ({ name, area: { x, y, width, height } }) => ({
    PersonDisplayName: name,
    Rectangle: [x, y, width, height].map(fixed).join(', '),
  }),
  nameOf: ({ PersonDisplayName }) => textOf(PersonDisplayName),
  renamed: (region, name) => ({ ...region, PersonDisplayName: name }),
  isFace: () => true,
  areaOf: ({ Rectangle }) => {
    const [x = NaN, y = NaN, width = NaN, height = NaN] = textOf(Rectangle).split(',').map(Number);
    return sound({ x, y, width, height });
  },
};

/** IPTC Photo Metadata Standard 2023.2, "Image Region"; the role and the type by their controlled vocabularies. */
const iptc: RegionShape = {
  listOf: structsOf,
  withList: (_, list) => (list.length > 0 ? list : null),
  make: ({ name, area }) => ({
    Name: name,
    PersonInImage: [name],
    RCtype: [{ Name: 'human', Identifier: ['http://cv.iptc.org/newscodes/imageregiontype/human'] }],
    RegionBoundary: {
      RbShape: 'rectangle',
      RbUnit: 'relative',
      RbX: fixed(area.x),
      RbY: fixed(area.y),
      RbW: fixed(area.width),
      RbH: fixed(area.height),
    },
  }),
  nameOf: ({ Name }) => textOf(Name),
  renamed: (region, name) => {
    const people = wordsOf(region.PersonInImage);
    const isAlone = people.length === 1 && people[0] === textOf(region.Name);
    return { ...region, Name: name, ...(isAlone ? { PersonInImage: [name] } : {}) };
  },
  isFace: ({ RCtype: type }) => type === undefined || JSON.stringify(type).includes('human'),
  areaOf: ({ RegionBoundary: boundary }, _, sides) => {
    if (!isStruct(boundary) || textOf(boundary.RbShape).toLowerCase() !== 'rectangle') return null;
    const isPixels = textOf(boundary.RbUnit).toLowerCase() === 'pixel';
    const [across, down] = isPixels ? [sides.width, sides.height] : [1, 1];
    const { RbX, RbY, RbW, RbH } = boundary;
    return sound({
      x: Number(RbX) / across,
      y: Number(RbY) / down,
      width: Number(RbW) / across,
      height: Number(RbH) / down,
    });
  },
};

export const SHAPES: Record<RegionForm, RegionShape> = { mwg, microsoft, iptc };

/** Whether the regions of MWG say of which picture they are fractions: Immich passes over those that don't. */
export function hasDimensions(value: unknown): boolean {
  return isStruct(value) && isStruct(value.AppliedToDimensions);
}

export function withDimensions(value: unknown, { width, height }: Sides): Struct {
  const dimensions = { W: String(width), H: String(height), Unit: 'pixel' };
  return { ...(isStruct(value) ? value : {}), AppliedToDimensions: dimensions };
}

export function withoutDimensions(value: unknown): unknown {
  if (!isStruct(value)) return value;
  const { AppliedToDimensions: _, ...rest } = value;
  return rest;
}

function sound(area: Area): Area | null {
  const { x, y, width, height } = area;
  return [x, y, width, height].every(Number.isFinite) && width > 0 && height > 0 ? area : null;
}
