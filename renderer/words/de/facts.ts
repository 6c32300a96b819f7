import type { Translated } from '../catalog.ts';
import type en from '../en/facts.ts';

export default {
  'birth.is': 'geboren am {{said}}',
  'birth.title': 'Geburtstag von {{name}}',
  'birth.text': 'Kith sucht {{name}} nicht auf Fotos, die davor entstanden.',
  'birth.add': 'Geburtstag angeben',
  'birth.change': 'Geburtstag ändern',
  'did.birth': 'Geburtstag von {{name}} geändert',
  'journal.birth': 'Geburtstag von {{name}}',
} satisfies Translated<typeof en>;
