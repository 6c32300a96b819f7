import type { UnreadableCode } from '../../electron/contract/vision.ts';
import type { RefusalCode } from '../refused.ts';
import { catalog } from './catalog.ts';

/** A sentence for every way a request can fail: what happened, to what, what to do. */
export const failures = catalog<`failed.${RefusalCode}` | `unreadable.${UnreadableCode}`>(
  {
    'failed.folder-missing':
      'There is no such folder: {{detail}}. Check the path, and whether its disk is connected.',
    'failed.folder-is-a-file': 'This is a file, not a folder: {{detail}}. Choose the folder that it lies in.',
    'failed.folder-unreadable':
      'This folder may not be read: {{detail}}. Change its permissions, or choose another.',
    'failed.file-missing':
      'There is no such file any more: {{detail}}. Check whether its disk is connected, or scan its folder again.',
    'failed.photo-unreadable': 'This could not be read as a photo: {{detail}}.',
    'failed.no-face': 'No face was found there: {{detail}}. Draw the box closer around the face.',
    'failed.library-not-a-library': 'This is not a record of Kith’s: {{detail}}. It was left as it is.',
    'failed.library-from-newer-version':
      'This record was written by a newer Kith: {{detail}}. It was left as it is; update Kith.',
    'failed.library-unwritable': 'The record can’t be written: {{detail}}. Make its folder writable.',
    'failed.library-busy':
      'Another Kith is at work in this record: {{detail}}. Close it, or wait until it is done.',
    'failed.library-gone':
      'The library’s file was moved, deleted or replaced while Kith had it open: {{detail}}. Start Kith again.',
    'failed.disk-full': 'The disk is full: {{detail}}. What was finished is kept; make room and go on.',
    'failed.model-missing': 'A model is not there: {{detail}}.',
    'failed.model-damaged': 'A model can’t be trusted and was not used: {{detail}}.',
    'failed.model-unsupported': 'Kith can’t use this model: {{detail}}. Nothing was installed.',
    'failed.download-failed': 'The download failed: {{detail}}.',
    'failed.pairs-malformed': 'This is not a list of pairs: {{detail}}.',
    'failed.cancelled': 'Stopped. What was finished before is kept.',
    'failed.output-unwritable': 'This can’t be written: {{detail}}. Choose another place.',
    'failed.not-found':
      'This is not in your library any more. Look again; it may have been undone or merged.',
    'failed.changed-meanwhile':
      'This was changed in another window meanwhile, so nothing was done. Look again, then repeat it.',
    'failed.copy-unusable': 'This copy can’t be restored: {{detail}}. Your library was left as it is.',
    'failed.bad-request': 'That did not work: {{detail}}.',
    'failed.vision-broken':
      'Kith’s vision process does not work: {{detail}}. Photos finished before are kept; try again, and report it if it stays.',
    'failed.internal': 'Kith failed where it should not. Nothing was changed; please report this: {{detail}}',
    'failed.connection-lost':
      'The connection to Kith is lost, so this was perhaps not done. Look whether it was when the connection is back.',
    'unreadable.empty-file': 'The file is empty; copy it again from where it came from.',
    'unreadable.not-an-image': 'It is no picture, whatever its name says.',
    'unreadable.truncated': 'It is damaged or cut short; copy it again from where it came from.',
    'unreadable.unsupported-format': 'Kith does not read this format; save it as JPEG, PNG or HEIC.',
    'unreadable.too-large': 'The picture is larger than Kith reads; save a smaller copy.',
    'unreadable.no-permission': 'Kith may not read it; change its permissions.',
    'unreadable.vanished': 'It was moved or deleted while Kith was at work.',
    'unreadable.crashed': 'Reading it crashed twice; it is probably damaged.',
    'unreadable.timed-out': 'Reading it took too long; it is probably damaged.',
  },
  {
    'failed.folder-missing':
      'Diesen Ordner gibt es nicht: {{detail}}. Prüfe den Pfad, und ob die Platte angeschlossen ist.',
    'failed.folder-is-a-file':
      'Das ist eine Datei, kein Ordner: {{detail}}. Wähle den Ordner, in dem sie liegt.',
    'failed.folder-unreadable':
      'Dieser Ordner darf nicht gelesen werden: {{detail}}. Ändere die Rechte oder wähle einen anderen.',
    'failed.file-missing':
      'Diese Datei gibt es nicht mehr: {{detail}}. Prüfe, ob die Platte angeschlossen ist, oder lies den Ordner neu ein.',
    'failed.photo-unreadable': 'Das ließ sich nicht als Foto lesen: {{detail}}.',
    'failed.no-face':
      'Dort wurde kein Gesicht gefunden: {{detail}}. Zeichne den Rahmen enger um das Gesicht.',
    'failed.library-not-a-library': 'Das ist kein Verzeichnis von Kith: {{detail}}. Es blieb, wie es ist.',
    'failed.library-from-newer-version':
      'Dieses Verzeichnis schrieb ein neueres Kith: {{detail}}. Es blieb, wie es ist; aktualisiere Kith.',
    'failed.library-unwritable':
      'Das Verzeichnis lässt sich nicht schreiben: {{detail}}. Mache seinen Ordner beschreibbar.',
    'failed.library-busy':
      'Ein anderes Kith arbeitet in diesem Verzeichnis: {{detail}}. Schließe es, oder warte, bis es fertig ist.',
    'failed.library-gone':
      'Die Datei der Bibliothek wurde verschoben, gelöscht oder ersetzt, während Kith sie offen hatte: {{detail}}. Starte Kith neu.',
    'failed.disk-full':
      'Die Platte ist voll: {{detail}}. Fertiges bleibt erhalten; schaffe Platz und mache weiter.',
    'failed.model-missing': 'Ein Modell fehlt: {{detail}}.',
    'failed.model-damaged': 'Einem Modell ist nicht zu trauen, es wurde nicht benutzt: {{detail}}.',
    'failed.model-unsupported':
      'Kith kann dieses Modell nicht benutzen: {{detail}}. Nichts wurde installiert.',
    'failed.download-failed': 'Der Download ist gescheitert: {{detail}}.',
    'failed.pairs-malformed': 'Das ist keine Liste von Paaren: {{detail}}.',
    'failed.cancelled': 'Angehalten. Was vorher fertig war, bleibt erhalten.',
    'failed.output-unwritable': 'Das lässt sich nicht schreiben: {{detail}}. Wähle einen anderen Ort.',
    'failed.not-found':
      'Das ist nicht mehr in deiner Bibliothek. Sieh noch einmal nach; vielleicht wurde es widerrufen oder zusammengelegt.',
    'failed.changed-meanwhile':
      'Das wurde inzwischen in einem anderen Fenster geändert, darum geschah nichts. Sieh nach und wiederhole es dann.',
    'failed.copy-unusable':
      'Diese Kopie lässt sich nicht wiederherstellen: {{detail}}. Deine Bibliothek blieb, wie sie ist.',
    'failed.bad-request': 'Das ging nicht: {{detail}}.',
    'failed.vision-broken':
      'Der Bildprozess von Kith arbeitet nicht: {{detail}}. Fertige Fotos bleiben erhalten; versuche es noch einmal, und melde es, wenn es bleibt.',
    'failed.internal':
      'Kith ist gescheitert, wo es nicht sollte. Nichts wurde geändert; bitte melde das: {{detail}}',
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
  },
);
