import { catalog } from './catalog.ts';

/** All photos, and the files that are none. */
export const photos = catalog(
  {
    'photos.faces_one': '{{n}} face',
    'photos.faces_other': '{{n}} faces',
    'photos.undated': 'Without a date',
    'photos.empty': 'No photos yet',
    'photos.empty-text': 'Add a folder, and its photos appear here by date.',
    'unreadable.title': 'Files that could not be read',
    'unreadable.text': 'Everything else was read. Put a file right, and scan its folder again.',
    'unreadable.again': 'Scan again',
    'unreadable.none': 'Every file could be read',
    'unreadable.none-text': 'Files that can’t be read are listed here, each with the reason.',
  },
  {
    'photos.faces_one': '{{n}} Gesicht',
    'photos.faces_other': '{{n}} Gesichter',
    'photos.undated': 'Ohne Datum',
    'photos.empty': 'Noch keine Fotos',
    'photos.empty-text': 'Füge einen Ordner hinzu, dann erscheinen seine Fotos hier nach Datum.',
    'unreadable.title': 'Dateien, die nicht zu lesen waren',
    'unreadable.text':
      'Alles andere wurde gelesen. Bring eine Datei in Ordnung und lies ihren Ordner neu ein.',
    'unreadable.again': 'Noch einmal einlesen',
    'unreadable.none': 'Jede Datei war zu lesen',
    'unreadable.none-text': 'Dateien, die nicht zu lesen sind, stehen hier mit dem Grund.',
  },
);
