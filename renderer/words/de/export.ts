import type { Translated } from '../catalog.ts';
import type en from '../en/export.ts';

export default {
  'export.title': 'Gesichter exportieren',
  'export.text':
    'Ein Ordner für jede Person, mit jedem Gesicht aus seinem Foto geschnitten. Fotos werden nur gelesen.',
  'export.what': 'Wessen Gesichter',
  'export.people': 'Alle mit Namen',
  'export.all': 'Alle, auch Gruppen ohne Namen',
  'export.some': 'Einige Personen',
  'export.one': 'Nur {{name}}',
  'export.group': 'Nur diese Gruppe',
  'export.size': 'Größe in Pixeln',
  'export.padding': 'Umgebung',
  'export.padding-none': 'Nur das Gesicht',
  'export.padding-some': 'Kopf und Haare',
  'export.padding-more': 'Kopf und Schultern',
  'export.names': 'Dateinamen mit dem Namen der Person beginnen',
  'export.where': 'Wohin',
  'export.default': 'Ein Ordner „Kith faces“ neben deinen Fotos',
  'export.folder': 'Anderer Ordner',
  'export.go': 'Exportieren',
  'export.progress': '{{done}} von {{total}} Gesichtern',
  'export.done_one': '{{n}} Gesicht wurde geschrieben.',
  'export.done_other': '{{n}} Gesichter wurden geschrieben.',
  'export.folder-done': 'Sie liegen in {{folder}}',
  'export.failed_one':
    '{{n}} Gesicht ließ sich nicht noch einmal aus seinem Foto schneiden; sein kleines Bild steht dafür.',
  'export.failed_other':
    '{{n}} Gesichter ließen sich nicht noch einmal aus ihren Fotos schneiden; ihre kleinen Bilder stehen dafür.',
  'export.skipped_one':
    '{{n}} Gesicht fehlt: Von seinem Foto ist nichts mehr da, oder es gibt das Gesicht nicht mehr.',
  'export.skipped_other':
    '{{n}} Gesichter fehlen: Von ihren Fotos ist nichts mehr da, oder es gibt die Gesichter nicht mehr.',
  'export.cancel': 'Abbrechen',
  'export.cancelled': 'Du hast abgebrochen. Diese Gesichter sind ganz; die übrigen blieben, wie sie waren.',
  'export.show': 'Ordner öffnen',
  'export.not-shown': 'Der Ordner lässt sich von hier nicht öffnen. Sein Pfad steht oben.',
  'export.nobody-there': 'Es gibt niemanden mehr zu exportieren.',
  'export.again': 'Etwas anderes exportieren',
  'export.nobody': 'Noch niemand zu exportieren',
  'export.nobody-text': 'Benenne zuerst jemanden, oder exportiere die Gruppen ohne Namen.',
  'export.chosen_one': '{{n}} Person gewählt',
  'export.chosen_other': '{{n}} Personen gewählt',
} satisfies Translated<typeof en>;
