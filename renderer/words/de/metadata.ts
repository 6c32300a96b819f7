import type { Translated } from '../catalog.ts';
import type en from '../en/metadata.ts';

/** Namen in Fotos, für andere Programme. */
export default {
  'metadata.text':
    'Schreibt die Namen, die du vergeben hast, in die Metadaten der Fotos, damit auch andere Programme sie kennen. Was diese geschrieben haben, bleibt, und du kannst es rückgängig machen.',
  'metadata.folder': 'Welcher Ordner',
  'metadata.for': 'Für welches Programm',
  'metadata.for-everything': 'Alle Programme',
  'metadata.for-digikam': 'digiKam',
  'metadata.for-lightroom': 'Lightroom',
  'metadata.for-immich': 'Immich und PhotoPrism',
  'metadata.into': 'Wohin',
  'metadata.into-sidecar': 'Neben die Fotos',
  'metadata.into-sidecar-text': 'In kleine Dateien wie foto.jpg.xmp. Die Fotos werden nur gelesen.',
  'metadata.into-file': 'In die Fotos',
  'metadata.into-file-text': 'Die Originale bleiben daneben liegen und brauchen noch einmal so viel Platz.',
  'metadata.sure': 'Auch Namen, die Kith selbst vergeben hat und bei denen es sicher ist',
  'metadata.look': 'Zeigen, was sich ändern würde',
  'metadata.write': 'Namen schreiben',
  'metadata.progress': '{{done}} von {{total}} Fotos',
  'metadata.nothing': 'Nichts zu tun: Jedes Foto ist, wie es sein soll.',
  'metadata.would_one': '{{n}} Datei würde geschrieben.',
  'metadata.would_other': '{{n}} Dateien würden geschrieben.',
  'metadata.done_one': '{{n}} Datei wurde geschrieben.',
  'metadata.done_other': '{{n}} Dateien wurden geschrieben.',
  'metadata.same_one': '{{n}} Foto ist, wie es sein soll.',
  'metadata.same_other': '{{n}} Fotos sind, wie sie sein sollen.',
  'metadata.files': 'Datei für Datei',
  'metadata.create': 'neu',
  'metadata.change': 'geändert',
  'metadata.remove': 'entfernt',
  'metadata.more_one': 'Und {{n}} weitere.',
  'metadata.more_other': 'Und {{n}} weitere.',
  'metadata.failed_one': '{{n}} Foto blieb, wie es ist:',
  'metadata.failed_other': '{{n}} Fotos blieben, wie sie sind:',
  'metadata.why-unreadable':
    'Es ist beschädigt oder von einem Format, das nicht geschrieben werden kann. Kopiere es noch einmal von dort, wo es herkam.',
  'metadata.why-no-permission':
    'Kith darf dort nicht schreiben. Ändere die Rechte der Datei und ihres Ordners.',
  'metadata.why-disk-full': 'Die Festplatte ist voll. Schaffe Platz und schreibe noch einmal.',
  'metadata.why-vanished': 'Es wurde verschoben oder gelöscht. Durchsuche den Ordner noch einmal.',
  'metadata.why-changed': 'Ein anderes Programm hat es inzwischen geändert. Schreibe noch einmal.',
  'metadata.why-line-break':
    'Sein Name oder der seines Ordners hat einen Zeilenumbruch. Benenne es um und durchsuche den Ordner noch einmal.',
  'metadata.why-unlike': 'Es enthält etwas, das nicht erhalten bliebe. Schreibe stattdessen neben die Fotos.',
  'metadata.for-own': 'Diese: {{forms}}',
  'keep.title': 'Namen in den Metadaten der Fotos',
  'keep.text':
    'Kith kann die Namen der Menschen eines Ordners in die Metadaten seiner Fotos schreiben und jedes Mal wieder, wenn sie sich ändern, für andere Programme. Das geschieht, während du sonst nichts tust, und steht nicht im Verlauf.',
  'keep.folder': 'Namen in {{name}} aktuell halten',
  'keep.start': 'Aktuell halten',
  'keep.use': 'So verwenden',
  'keep.change': 'Ändern…',
  'keep.change-of': 'Ändern, was in {{name}} aktuell gehalten wird',
  'keep.sure': 'mit Namen, bei denen Kith sicher ist',
  'keep.up-to-date': 'Auf dem neuesten Stand',
  'keep.waiting': 'Wartet',
  'keep.writing': 'Schreibt {{done}} von {{total}}…',
  'keep.away': 'Wartet: Der Ordner ist nicht da oder leer. Prüfe, ob seine Festplatte angeschlossen ist.',
  'keep.no-perl':
    'Dafür fehlt auf diesem Rechner Perl. „sudo apt install perl“ oder Ähnliches installiert es, auf einem Mac „brew install perl“.',
  'keep.failed_one': '{{n}} Foto konnte nicht geschrieben werden und wird später wieder versucht: {{name}}.',
  'keep.failed_other':
    '{{n}} Fotos konnten nicht geschrieben werden und werden später wieder versucht; das erste ist {{name}}.',
  'keep.stays': 'Die Namen bleiben in den Metadaten von {{name}}, wie sie sind. Rückgängig nimmt sie heraus.',
  'keep.ended': '{{name}} wird nicht mehr aktuell gehalten.',
} satisfies Translated<typeof en>;
