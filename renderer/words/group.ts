import { catalog } from './catalog.ts';

/** A group that nobody has named. */
export const group = catalog(
  {
    'group.placeholder': 'Name everybody here',
    'group.faces': 'Faces',
    'group.hint': 'Select those that do not belong here',
    'group.ignore': 'Ignore this group',
    'group.not-faces': 'None of these is a face',
    'group.hide': 'Hide this group',
    'group.show': 'Show this group again',
    'group.export': 'Export these faces',
    'group.gone': 'Nobody is left in this group',
    'group.gone-text': 'Everybody who was in it has a name, or was moved.',
  },
  {
    'group.placeholder': 'Alle hier benennen',
    'group.faces': 'Gesichter',
    'group.hint': 'Wähle aus, wer nicht hierher gehört',
    'group.ignore': 'Diese Gruppe übergehen',
    'group.not-faces': 'Keines davon ist ein Gesicht',
    'group.hide': 'Diese Gruppe verbergen',
    'group.show': 'Diese Gruppe wieder zeigen',
    'group.export': 'Diese Gesichter exportieren',
    'group.gone': 'In dieser Gruppe ist niemand mehr',
    'group.gone-text': 'Wer darin war, hat jetzt einen Namen oder wurde verschoben.',
  },
);
