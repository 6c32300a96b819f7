import type { Translated } from '../catalog.ts';
import type en from '../en/compare.ts';

export default {
  'compare.title': 'Ist das dieselbe Person?',
  'compare.text': 'Wähle zwei Gesichter, oder zieh zwei Fotos hierher, die Kith kennt.',
  'compare.choose': 'Gesicht wählen',
  'compare.first': 'Erstes Gesicht',
  'compare.second': 'Zweites Gesicht',
  'compare.change': 'Anderes Gesicht wählen',
  'compare.same': 'Dieselbe Person',
  'compare.different': 'Zwei Personen',
  'compare.probability': 'Zu {{share}} dieselbe Person, wenn sonst nichts bekannt ist',
  'compare.distance': 'Abstand {{distance}}',
  'compare.threshold': 'Eine Person bis {{distance}}',
  'compare.encoder': 'Encoder {{encoder}}',
  'compare.scale': 'Wo dieser Abstand liegt',
  'compare.genuine': 'Paare einer Person',
  'compare.impostor': 'Paare zweier Personen',
  'compare.chart':
    'Abstände von Paaren einer Person liegen meist links, von zwei Personen rechts. Dieses Paar liegt bei {{distance}}; die Grenze ist bei {{threshold}}.',
  'compare.swap': 'Von vorn',
  'compare.unknown': 'Kith kennt „{{name}}“ noch nicht. Füge zuerst den Ordner hinzu, in dem es liegt.',
  'compare.no-face': 'Auf „{{name}}“ wurde kein Gesicht gefunden.',
  'compare.open': 'Foto öffnen',
  'faces.title': 'Gesicht wählen',
  'faces.search': 'Name einer Person',
  'faces.of': 'Gesichter von {{name}}',
  'faces.back': 'Alle',
  'faces.people': 'Personen',
  'faces.groups': 'Gruppen ohne Namen',
  'faces.none': 'Noch gibt es keine Gesichter zur Auswahl.',
} satisfies Translated<typeof en>;
