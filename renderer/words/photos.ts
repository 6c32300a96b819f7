import { catalog } from './catalog.ts';

/** All photos, and the files that are none. */
export const photos = catalog(
  {
    'photos.faces_one': '{{n}} face',
    'photos.faces_other': '{{n}} faces',
    'photos.undated': 'Without a date',
  },
  {
    'photos.faces_one': '{{n}} Gesicht',
    'photos.faces_other': '{{n}} Gesichter',
    'photos.undated': 'Ohne Datum',
  },
);
