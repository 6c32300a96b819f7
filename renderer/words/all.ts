import type { KeyOf } from './catalog.ts';
import { compare } from './compare.ts';
import { exporting } from './export.ts';
import { faces } from './faces.ts';
import { failures } from './failures.ts';
import { frame } from './frame.ts';
import { group } from './group.ts';
import { insight } from './insight.ts';
import { people } from './people.ts';
import { person } from './person.ts';
import { photo } from './photo.ts';
import { photos } from './photos.ts';
import { review } from './review.ts';
import { settings } from './settings.ts';
import { welcome } from './welcome.ts';

const all = [
  frame,
  failures,
  welcome,
  people,
  person,
  group,
  faces,
  photos,
  photo,
  review,
  compare,
  exporting,
  settings,
  insight,
] as const;

export type Key = KeyOf<(typeof all)[number]>;

export const en: Record<string, string> = Object.assign({}, ...all.map((catalog) => catalog.en));
export const de: Record<string, string> = Object.assign({}, ...all.map((catalog) => catalog.de));
