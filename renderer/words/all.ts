import type { KeyOf, SentencesOf, ValuesOf } from './catalog.ts';
import { compare } from './compare.ts';
import { copies } from './copies.ts';
import { doctor } from './doctor.ts';
import { exporting } from './export.ts';
import { faces } from './faces.ts';
import { failures } from './failures.ts';
import { frame } from './frame.ts';
import { group } from './group.ts';
import { insight } from './insight.ts';
import { journal } from './journal.ts';
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
  copies,
  doctor,
  insight,
  journal,
] as const;

type Sentences = SentencesOf<typeof all>;

export type Key = KeyOf<Sentences>;

/** Keys of sentences that need no values. */
export type PlainKey = {
  [K in Key]: [ValuesOf<Sentences, K>] extends [never] ? K : never;
}[Key];

/** What the sentence of a key must be given; of one of several keys, what any of them needs. */
export type Values<K extends Key> = Record<ValuesOf<Sentences, K>, string | number>;

/** The last argument of whatever says a sentence: left out where the sentence needs nothing. */
export type Given<K extends Key> = [ValuesOf<Sentences, K>] extends [never] ? [] : [values: Values<K>];

export const en: Record<string, string> = Object.assign({}, ...all.map((catalog) => catalog.en));
export const de: Record<string, string> = Object.assign({}, ...all.map((catalog) => catalog.de));
