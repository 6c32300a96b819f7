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
  'export.nobody-text': 'Benenne zuerst jemanden, oder exportiere die Gruppen ohne Namen.',
  'export.found-title': 'Gefundenes exportieren',
  'export.found-what': 'Was',
  'export.found-copy': 'Die Fotos, kopiert',
  'export.found-copy-text':
    'Von jedem Foto eine Kopie in einem Ordner, mit eigenem Namen und Datum, und eine Liste, wer darauf ist.',
  'export.found-link': 'Die Fotos, ohne Kopien',
  'export.found-link-text':
    'Jedes Foto bekommt in einem Ordner einen zweiten Namen, der keinen Platz braucht: Es ist dieselbe Datei, und wer sie dort ändert, ändert sie hier. Auf einem anderen Laufwerk wird kopiert.',
  'export.found-faces': 'Die Gesichter, ausgeschnitten',
  'export.found-faces-text':
    'Für jede Person ein Ordner mit den Gesichtern, um die es der Suche geht, aus diesen Fotos geschnitten.',
  'export.found-names': 'Nur eine Namensliste',
  'export.found-names-text':
    'Eine Tabelle für jedes Tabellenprogramm: jedes Foto, wann es aufgenommen wurde und wer darauf ist.',
  'export.found-default': 'Ein Ordner „Kith photos“ neben deinen Fotos',
  'export.photos-progress': '{{done}} von {{total}} Fotos',
  'export.names-done_one': '{{n}} Foto steht in der Liste.',
  'export.names-done_other': '{{n}} Fotos stehen in der Liste.',
  'export.photos-done_one': '{{n}} Foto wurde exportiert.',
  'export.photos-done_other': '{{n}} Fotos wurden exportiert.',
  'export.photos-cancelled': 'Du hast abgebrochen. Diese Fotos sind ganz, und die Liste nennt sie.',
  'export.photos-failed_one': '{{n}} Foto fehlt: Seine Datei ist weg oder enthält inzwischen etwas anderes.',
  'export.photos-failed_other':
    '{{n}} Fotos fehlen: Ihre Dateien sind weg oder enthalten inzwischen etwas anderes.',
  'export.chosen_one': '{{n}} Person gewählt',
  'export.chosen_other': '{{n}} Personen gewählt',
} satisfies Translated<typeof en>;
