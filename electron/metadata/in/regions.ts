import type { Area, NamedRegion } from '../region.ts';
import { nameOf } from './found.ts';
import { fieldOf, listOf, numberOf, textOf } from './raw.ts';

/** Sides of the stored image in pixels. */
export interface Sides {
  width: number;
  height: number;
}

/** Regions with names as one standard has them. */
export interface NamedRegions {
  regions: NamedRegion[];
  /** For which image they were made, in pixels; null where the file does not say. */
  appliedTo: Sides | null;
}

/** Regions that are no persons: pets, focus points and barcodes have names too. Lower case. */
const NO_PERSON = new Set(['pet', 'focus', 'barcode']);

/**
 * Regions of the Metadata Working Group (Guidelines for Handling Image Metadata 2.0, 5.9): the centre and sides of a
 * rectangle, or the diameter of a circle, which is a share of the shorter side. Pixels are of `AppliedToDimensions`.
 */
export function mwgRegions(info: unknown, stored: Sides): NamedRegions {
  const appliedTo = sidesOf(fieldOf(info, 'AppliedToDimensions'));
  const of = appliedTo ?? stored;
  const regions = listOf(fieldOf(info, 'RegionList')).flatMap((region) => {
    if (NO_PERSON.has(textOf(fieldOf(region, 'Type')).toLowerCase())) return [];
    const area = fieldOf(region, 'Area');
    const unit = textOf(fieldOf(area, 'Unit')).toLowerCase().startsWith('pixel') ? 1 : null;
    const [x, y] = [numberOf(fieldOf(area, 'X')), numberOf(fieldOf(area, 'Y'))];
    const [w, h] = [numberOf(fieldOf(area, 'W')), numberOf(fieldOf(area, 'H'))];
    const diameter = numberOf(fieldOf(area, 'D')) * (unit ?? Math.min(of.width, of.height));
    const isCircle = !(w > 0 && h > 0);
    const size = {
      width: isCircle ? diameter : w * (unit ?? of.width),
      height: isCircle ? diameter : h * (unit ?? of.height),
    };
    const turned = isCircle ? size : boundsOf(size, numberOf(fieldOf(region, 'Rotation')));
    const centre = { x: x * (unit ?? of.width), y: y * (unit ?? of.height) };
    return named(fieldOf(region, 'Name'), {
      x: (centre.x - turned.width / 2) / of.width,
      y: (centre.y - turned.height / 2) / of.height,
      width: turned.width / of.width,
      height: turned.height / of.height,
    });
  });
  return { regions, appliedTo };
}

/** The upright rectangle around one that is turned about its centre by an angle in radians (Lightroom writes these). */
function boundsOf({ width, height }: Sides, angle: number): Sides {
  if (!(Math.abs(angle) > 0)) return { width, height };
  const [sin, cos] = [Math.abs(Math.sin(angle)), Math.abs(Math.cos(angle))];
  return { width: width * cos + height * sin, height: width * sin + height * cos };
}

/** Microsoft's regions (Windows Photo Gallery): `x, y, width, height` as fractions, from the top left corner. */
export function microsoftRegions(info: unknown): NamedRegions {
  const regions = listOf(fieldOf(info, 'Regions')).flatMap((region) => {
    const [x, y, width, height] = textOf(fieldOf(region, 'Rectangle'))
      .split(/[,;\s]+/)
      .map(Number);
    return named(fieldOf(region, 'PersonDisplayName'), {
      x: x ?? Number.NaN,
      y: y ?? Number.NaN,
      width: width ?? Number.NaN,
      height: height ?? Number.NaN,
    });
  });
  return { regions, appliedTo: null };
}

/** Regions of IPTC (Photo Metadata Standard 2023.1, "Image Region"): a rectangle, a circle or a polygon. */
export function iptcRegions(value: unknown, stored: Sides): NamedRegions {
  const regions = listOf(value).flatMap((region) => {
    const boundary = fieldOf(region, 'RegionBoundary');
    const isPixels = textOf(fieldOf(boundary, 'RbUnit')).toLowerCase() === 'pixel';
    const across = isPixels ? stored.width : 1;
    const down = isPixels ? stored.height : 1;
    const point = (of: unknown) => ({
      x: numberOf(fieldOf(of, 'RbX')) / across,
      y: numberOf(fieldOf(of, 'RbY')) / down,
    });
    const name = fieldOf(region, 'Name') ?? listOf(fieldOf(region, 'PersonInImage'))[0];
    switch (textOf(fieldOf(boundary, 'RbShape')).toLowerCase()) {
      case 'circle': {
        const centre = point(boundary);
        // The radius is a share of the width, and the same number of pixels in every direction.
        const radius = numberOf(fieldOf(boundary, 'RbRx')) / across;
        const high = (radius * stored.width) / stored.height;
        const corner = { x: centre.x - radius, y: centre.y - high };
        return named(name, { ...corner, width: 2 * radius, height: 2 * high });
      }
      case 'polygon': {
        const points = listOf(fieldOf(boundary, 'RbVertices')).map(point);
        // One point marks a place, and no face.
        if (points.length < 2) return [];
        const [left, top] = [Math.min(...points.map(({ x }) => x)), Math.min(...points.map(({ y }) => y))];
        const width = Math.max(...points.map(({ x }) => x)) - left;
        const height = Math.max(...points.map(({ y }) => y)) - top;
        return named(name, { x: left, y: top, width, height });
      }
      default:
        return named(name, {
          ...point(boundary),
          width: numberOf(fieldOf(boundary, 'RbW')) / across,
          height: numberOf(fieldOf(boundary, 'RbH')) / down,
        });
    }
  });
  return { regions, appliedTo: null };
}

/** ACDSee's regions: `ALGArea` is the face as its detector found it, `DLYArea` the square that it shows; both by centre. */
export function acdseeRegions(info: unknown): NamedRegions {
  const regions = listOf(fieldOf(info, 'RegionList')).flatMap((region) => {
    const area = fieldOf(region, 'ALGArea') ?? fieldOf(region, 'DLYArea');
    const [width, height] = [numberOf(fieldOf(area, 'w')), numberOf(fieldOf(area, 'h'))];
    return named(fieldOf(region, 'Name'), {
      x: numberOf(fieldOf(area, 'x')) - width / 2,
      y: numberOf(fieldOf(area, 'y')) - height / 2,
      width,
      height,
    });
  });
  return { regions, appliedTo: sidesOf(fieldOf(info, 'AppliedToDimensions')) };
}

function sidesOf(value: unknown): Sides | null {
  const [width, height] = [numberOf(fieldOf(value, 'W')), numberOf(fieldOf(value, 'H'))];
  return width > 0 && height > 0 ? { width, height } : null;
}

/** How far a region may reach beyond the image, as a share of the image: a head at the edge does. Chosen by hand. */
const BEYOND = 0.5;

/** The region, where it has a name and a place on the image. */
function named(text: unknown, area: Area): NamedRegions['regions'] {
  const name = nameOf(textOf(text));
  const { x, y, width, height } = area;
  const isPlace =
    width > 0 &&
    height > 0 &&
    width <= 1 + BEYOND &&
    height <= 1 + BEYOND &&
    x > -BEYOND &&
    y > -BEYOND &&
    x + width / 2 < 1 + BEYOND &&
    y + height / 2 < 1 + BEYOND;
  return name !== null && isPlace ? [{ name, area }] : [];
}

/**
 * How far the proportions of the image that regions were made for may be off those of the stored image. Source: bound; a
 * picture made smaller has whole pixels, which changes the proportions of one of 50 pixels by 2 %.
 */
const PROPORTIONS = 0.02;

/** Whether regions for such an image hold for the stored one: it may be smaller or larger, and not cropped or rotated. */
export function isSameImage(appliedTo: Sides, stored: Sides): boolean {
  const ratio = (appliedTo.width * stored.height) / (appliedTo.height * stored.width);
  return Math.abs(Math.log(ratio)) <= PROPORTIONS;
}
