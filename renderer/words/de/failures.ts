import type { Translated } from '../catalog.ts';
import type en from '../en/failures.ts';

export default {
  'failed.folder-missing':
    'Diesen Ordner gibt es nicht: {{detail}}. Prüfe den Pfad, und ob die Platte angeschlossen ist.',
  'failed.folder-is-a-file':
    'Das ist eine Datei, kein Ordner: {{detail}}. Wähle den Ordner, in dem sie liegt.',
  'failed.folder-unreadable':
    'Dieser Ordner darf nicht gelesen werden. Ändere die Rechte oder wähle einen anderen.',
  'failed.file-missing':
    'Die Datei gibt es nicht mehr. Prüfe, ob die Platte angeschlossen ist, oder lies den Ordner neu ein.',
  'failed.photo-unreadable': 'Das ließ sich nicht als Foto lesen.',
  'failed.no-face': 'Dort wurde kein Gesicht gefunden. Zeichne den Rahmen enger um das Gesicht.',
  'failed.library-not-a-library': 'Das ist keine Bibliothek von Kith. Sie blieb, wie sie ist.',
  'failed.library-from-newer-version':
    'Diese Bibliothek schrieb ein neueres Kith. Sie blieb, wie sie ist; aktualisiere Kith.',
  'failed.library-unwritable': 'Die Bibliothek lässt sich nicht schreiben. Mache ihren Ordner beschreibbar.',
  'failed.library-busy':
    'Ein anderes Kith arbeitet in dieser Bibliothek. Schließe es, oder warte, bis es fertig ist.',
  'failed.library-gone':
    'Die Datei der Bibliothek wurde verschoben, gelöscht oder ersetzt, während Kith sie offen hatte. Nichts ist verloren: Kith hat aufgehoben, was offen war. Sieh noch einmal nach.',
  'failed.disk-full': 'Die Platte ist voll. Fertiges bleibt erhalten; schaffe Platz und mache weiter.',
  'failed.model-missing': 'Ein Modell fehlt. Sieh in den Einstellungen unter Modelle nach.',
  'failed.model-damaged':
    'Einem Modell ist nicht zu trauen, es wurde nicht benutzt. Entferne es in den Einstellungen und hole es neu.',
  'failed.model-unsupported': 'Kith kann dieses Modell nicht benutzen. Nichts wurde installiert.',
  'failed.download-failed': 'Der Download ist gescheitert. Prüfe die Verbindung und versuche es noch einmal.',
  'failed.pairs-malformed': 'Das ist keine Liste von Paaren.',
  'failed.library-damaged':
    'Deine Bibliothek ist beschädigt. Stelle in den Einstellungen eine Kopie wieder her, oder führe „kith doctor“ aus.',
  'failed.cancelled': 'Angehalten. Was vorher fertig war, bleibt erhalten.',
  'failed.output-unwritable':
    'Dort lässt sich nichts schreiben, oder es liegt etwas dort, das nicht von Kith ist. Wähle einen anderen Ort, etwa einen leeren Ordner.',
  'failed.output-busy':
    'Dorthin wird gerade schon exportiert. Warte, bis das fertig ist, oder wähle einen anderen Ort.',
  'failed.output-among-photos':
    'Das liegt in einem Ordner mit Fotos. Wähle einen Ort außerhalb, damit kein exportiertes Gesicht als Foto gilt.',
  'failed.not-found':
    'Das ist nicht mehr in deiner Bibliothek. Sieh noch einmal nach; vielleicht wurde es widerrufen oder zusammengelegt.',
  'failed.changed-meanwhile':
    'Das wurde inzwischen in einem anderen Fenster geändert, darum geschah nichts. Sieh nach und wiederhole es dann.',
  'failed.copy-unusable':
    'Diese Kopie ist beschädigt oder darf nicht gelesen werden, darum lässt sie sich nicht wiederherstellen. Deine Bibliothek blieb, wie sie ist.',
  'failed.bad-request': 'Das ging nicht, und nichts wurde geändert.',
  'failed.folder-out-of-reach':
    'Kith sieht sich nur in deinem Heimordner und auf Laufwerken um. Gib den ganzen Pfad ein, um einen Ordner von anderswo hinzuzufügen.',
  'failed.scan-running':
    'Kith sieht noch einen anderen Ordner durch. Warte, bis es fertig ist, oder brich es zuerst ab.',
  'failed.encoder-unmeasured':
    'Was die Abstände dieses Encoders bedeuten, hat noch niemand gemessen; er kann Gesichter vergleichen, aber nicht gruppieren oder benennen. Wähle in den Einstellungen einen anderen.',
  'failed.encoder-changing':
    'Kith geht gerade zu einem anderen Encoder über. Zeichne das Gesicht, wenn das fertig ist.',
  'failed.copy-missing': 'Diese Kopie gibt es nicht. Prüfe den Pfad, und ob die Platte angeschlossen ist.',
  'failed.not-a-record':
    'Dieser Ordner enthält keine Aufzeichnung, die Kith lesen kann. „kith export --format jsonl“ schreibt eine.',
  'failed.folder-kept':
    'Die Namen in den Metadaten der Fotos dieses Ordners werden aktuell gehalten. Schalte das zuerst in den Einstellungen aus.',
  'failed.perl-missing':
    'Für Namen in Fotos fehlt auf diesem Rechner Perl. Installiere Perl und versuche es noch einmal; alles andere in Kith geht ohne.',
  'failed.copy-is-library': 'Das ist die Bibliothek selbst. Wähle eine Kopie von ihr.',
  'failed.output-taken': 'Dort liegt schon etwas anderes. Es blieb, wie es ist; wähle einen anderen Namen.',
  'failed.path-unusable':
    'Das ist kein vollständiger Pfad einer Datei. Gib einen wie /home/anna/Kith.kith an.',
  'failed.vision-broken':
    'Der Bildprozess von Kith arbeitet nicht. Fertige Fotos bleiben erhalten; versuche es noch einmal, und melde es, wenn es bleibt.',
  'failed.internal': 'Kith ist gescheitert, wo es nicht sollte. Nichts wurde geändert; bitte melde das.',
  'failed.connection-lost':
    'Die Verbindung zu Kith ist unterbrochen, vielleicht wurde das nicht getan. Sieh nach, wenn sie wieder steht.',
  'unreadable.empty-file': 'Die Datei ist leer; kopiere sie noch einmal.',
  'unreadable.not-an-image': 'Das ist kein Bild, was auch immer ihr Name sagt.',
  'unreadable.truncated': 'Sie ist beschädigt oder abgeschnitten; kopiere sie noch einmal.',
  'unreadable.unsupported-format': 'Dieses Format liest Kith nicht; speichere es als JPEG, PNG oder HEIC.',
  'unreadable.too-large': 'Das Bild ist größer, als Kith liest; speichere eine kleinere Kopie.',
  'unreadable.no-permission': 'Kith darf sie nicht lesen; ändere die Rechte.',
  'unreadable.vanished': 'Sie wurde verschoben oder gelöscht, während Kith arbeitete.',
  'unreadable.crashed': 'Beim Lesen ist der Bildprozess zweimal abgestürzt; sie ist wohl beschädigt.',
  'unreadable.timed-out': 'Das Lesen dauerte zu lange; sie ist wohl beschädigt.',
} satisfies Translated<typeof en>;
