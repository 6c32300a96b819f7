import { KithError } from '../contract/errors.ts';

/** What the desktop says around the page; the page has its own words. */
const en = {
  file: 'File',
  edit: 'Edit',
  view: 'View',
  go: 'Go',
  help: 'Help',
  addPhotos: 'Add Photos…',
  recent: 'Open Recent',
  clearRecent: 'Clear Menu',
  exportFaces: 'Export Faces…',
  settings: 'Models and Settings…',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  selectAll: 'Select All',
  palette: 'Find a Person or an Action…',
  zoomIn: 'Larger',
  zoomOut: 'Smaller',
  zoomReset: 'Actual Size',
  fullScreen: 'Full Screen',
  people: 'People',
  photos: 'Photos',
  review: 'Review',
  compare: 'Compare',
  history: 'History',
  keys: 'Keys',
  quit: 'Quit Kith',
  chooseFolder: 'Choose a folder',
  choose: 'Choose',
  scanned: 'All photos are looked through',
  scannedDetail: (folder: string, faces: number) => `${folder}: ${faces.toLocaleString('en')} faces`,
  scanFailed: 'Looking through the photos was stopped',
  notOpened: 'This folder was not opened',
  notStarted: 'Kith can’t start',
  failures: {
    'folder-missing': 'There is no such folder. Is its disk connected?',
    'folder-is-a-file': 'This is a file, not a folder.',
    'folder-unreadable': 'Kith may not read this folder.',
    'library-not-a-library': 'This is not a library of Kith’s. It was left as it is.',
    'library-from-newer-version': 'A newer Kith wrote this library. It was left as it is; update Kith.',
    'library-unwritable': 'The library can’t be written. Make its folder writable.',
    'library-busy': 'Another Kith is at work in this library. Wait until it is done.',
    'library-gone':
      'The library’s file was moved, deleted or replaced while Kith had it open. Nothing is lost: Kith kept what it had open. Look again.',
    'library-damaged': 'The library is damaged. The command “kith doctor” says what can be saved.',
    'connection-lost':
      'The process that keeps the library ended in the midst of this. Look whether it was done.',
    'disk-full': 'The disk is full. Make room and try again.',
    'model-missing': 'A model is not there.',
    'model-damaged': 'A model can’t be trusted and was not used.',
    'scan-running': 'Kith is still looking through another folder.',
    'encoder-unmeasured':
      'By the encoder in use nobody can be grouped or named. Choose another in the settings.',
  } as Partial<Record<string, string>>,
};

const de: typeof en = {
  file: 'Ablage',
  edit: 'Bearbeiten',
  view: 'Ansicht',
  go: 'Gehe zu',
  help: 'Hilfe',
  addPhotos: 'Fotos hinzufügen …',
  recent: 'Zuletzt geöffnet',
  clearRecent: 'Einträge löschen',
  exportFaces: 'Gesichter exportieren …',
  settings: 'Modelle und Einstellungen …',
  undo: 'Widerrufen',
  redo: 'Wiederholen',
  cut: 'Ausschneiden',
  copy: 'Kopieren',
  paste: 'Einfügen',
  selectAll: 'Alles auswählen',
  palette: 'Person oder Befehl suchen …',
  zoomIn: 'Größer',
  zoomOut: 'Kleiner',
  zoomReset: 'Originalgröße',
  fullScreen: 'Vollbild',
  people: 'Personen',
  photos: 'Fotos',
  review: 'Prüfen',
  compare: 'Vergleichen',
  history: 'Verlauf',
  keys: 'Tasten',
  quit: 'Kith beenden',
  chooseFolder: 'Ordner wählen',
  choose: 'Wählen',
  scanned: 'Alle Fotos sind durchgesehen',
  scannedDetail: (folder, faces) => `${folder}: ${faces.toLocaleString('de')} Gesichter`,
  scanFailed: 'Das Durchsehen der Fotos wurde abgebrochen',
  notOpened: 'Dieser Ordner wurde nicht geöffnet',
  notStarted: 'Kith kann nicht starten',
  failures: {
    'folder-missing': 'Diesen Ordner gibt es nicht. Ist sein Laufwerk angeschlossen?',
    'folder-is-a-file': 'Das ist eine Datei und kein Ordner.',
    'folder-unreadable': 'Kith darf diesen Ordner nicht lesen.',
    'library-not-a-library': 'Das ist keine Bibliothek von Kith. Sie bleibt, wie sie ist.',
    'library-from-newer-version':
      'Ein neueres Kith hat diese Bibliothek geschrieben. Sie bleibt, wie sie ist; bitte Kith aktualisieren.',
    'library-unwritable': 'Die Bibliothek lässt sich nicht schreiben. Ihr Ordner muss beschreibbar sein.',
    'library-busy': 'Ein anderes Kith arbeitet gerade in dieser Bibliothek. Bitte warten, bis es fertig ist.',
    'library-gone':
      'Die Datei der Bibliothek wurde verschoben, gelöscht oder ersetzt, während Kith sie offen hatte. Nichts ist verloren: Kith hat aufgehoben, was offen war.',
    'library-damaged': 'Die Bibliothek ist beschädigt. Der Befehl „kith doctor“ sagt, was sich retten lässt.',
    'connection-lost':
      'Der Prozess, der die Bibliothek führt, endete mittendrin. Bitte nachsehen, ob es geschehen ist.',
    'disk-full': 'Das Laufwerk ist voll. Bitte Platz schaffen und noch einmal versuchen.',
    'model-missing': 'Ein Modell fehlt.',
    'model-damaged': 'Einem Modell ist nicht zu trauen; es wurde nicht benutzt.',
    'scan-running': 'Kith sieht noch einen anderen Ordner durch.',
    'encoder-unmeasured':
      'Mit dem Encoder in Gebrauch lässt sich niemand gruppieren oder benennen. Bitte in den Einstellungen einen anderen wählen.',
  },
};

export type Words = typeof en;

/** @param language a language tag */
export function wordsIn(language: string): Words {
  return /^de\b/i.test(language) ? de : en;
}

/** A failure as the desktop says it: the sentence of its code, and what it is about. */
export function failureIn(words: Words, error: unknown): string {
  if (!(error instanceof KithError)) return error instanceof Error ? error.message : String(error);
  return [words.failures[error.code], error.detail].filter(Boolean).join('\n\n');
}
