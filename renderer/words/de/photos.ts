import type { Translated } from '../catalog.ts';
import type en from '../en/photos.ts';

export default {
  'photos.faces_one': '{{n}} Gesicht',
  'photos.faces_other': '{{n}} Gesichter',
  'photos.undated': 'Ohne Datum',
  'photos.size': 'Größe der Fotos',
  'photos.pixels': '{{n}} Pixel',
  'photos.larger': 'Fotos größer',
  'photos.smaller': 'Fotos kleiner',
  'photos.scrub': 'Zu einem Monat gehen',
  'photos.only': 'Nur diese zeigen',
  'photos.most': 'höchstens {{n}}',
  'photos.empty': 'Noch keine Fotos',
  'photos.empty-text': 'Füge einen Ordner hinzu, dann erscheinen seine Fotos hier nach Datum.',
  'unreadable.title': 'Dateien, die nicht zu lesen waren',
  'unreadable.text': 'Alles andere wurde gelesen. Bring eine Datei in Ordnung und lies ihren Ordner neu ein.',
  'unreadable.again': 'Noch einmal einlesen',
  'unreadable.none': 'Jede Datei war zu lesen',
  'unreadable.none-text': 'Dateien, die nicht zu lesen sind, stehen hier mit dem Grund.',
} satisfies Translated<typeof en>;
