import { z } from 'zod';
import { type MetadataChoices, MetadataForm, MetadataPlace } from '../contract/metadata.ts';
import type { NamedFile } from '../library/metadata.ts';
import { formsOf, WORD_FORMS } from '../metadata/forms.ts';
import { isWritable } from '../metadata/target.ts';

/** What a file's metadata is to hold; kept as JSON, of which the order of fields is part. */
export const Wanted = z.object({
  place: MetadataPlace,
  forms: z.array(MetadataForm),
  width: z.number(),
  height: z.number(),
  faces: z.array(
    z.object({
      name: z.string(),
      x: z.number(),
      y: z.number(),
      width: z.number(),
      height: z.number(),
    }),
  ),
  /** Names of people without a face. Left out where there is nobody, as in all that was written before there were any. */
  people: z.array(z.string()).optional(),
});

/** What a file is to hold, by whoever is on the photo; null: nothing. */
export function wantedOf(file: NamedFile, choices: Pick<MetadataChoices, 'into' | 'forms'>): string | null {
  const forms = formsOf(choices);
  // A name without a region stands in a list of words, and nowhere else.
  const people = WORD_FORMS.some((form) => forms.includes(form)) ? file.people : [];
  if (file.faces.length + people.length === 0) return null;
  const { into } = choices;
  const place = into === 'file' && isWritable(file.path) ? 'file' : 'sidecar';
  const { width, height, faces } = file;
  const wanted = { place, forms, width, height, faces, ...(people.length > 0 ? { people } : {}) };
  return JSON.stringify(Wanted.parse(wanted));
}

/** All names, those with a face first. */
export function namesOf({
  faces,
  people = [],
}: {
  faces: readonly { name: string }[];
  people?: readonly string[] | undefined;
}): string[] {
  return [...faces.map(({ name }) => name), ...people];
}
