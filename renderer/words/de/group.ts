import type { Translated } from '../catalog.ts';
import type en from '../en/group.ts';

export default {
  'group.placeholder': 'Alle hier benennen',
  'group.faces': 'Gesichter',
  'group.hint': 'Wähle aus, wer nicht hierher gehört',
  'group.ignore': 'Fremd: nicht mehr fragen',
  'group.not-faces': 'Keines davon ist ein Gesicht',
  'group.hide': 'Diese Gruppe verbergen',
  'group.show': 'Diese Gruppe wieder zeigen',
  'group.export': 'Diese Gesichter exportieren',
  'group.gone': 'In dieser Gruppe ist niemand mehr',
  'group.gone-text': 'Wer darin war, hat jetzt einen Namen oder wurde verschoben.',
} satisfies Translated<typeof en>;
