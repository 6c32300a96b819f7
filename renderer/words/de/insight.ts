import type { Translated } from '../catalog.ts';
import type en from '../en/insight.ts';

export default {
  'insight.title': 'Was diese Bibliothek gelehrt hat',
  'insight.distances': 'Wie ähnlich sich Gesichter hier sind',
  'insight.distances-text':
    'Zwei Gesichter auf einem Foto sind zwei Personen. Aus solchen Paaren lernt Kith, wie ähnlich sich Personen auf deinen Fotos sind.',
  'insight.pairs': '{{photo}} Paare eines Fotos, {{burst}} aus Serien, {{hand}} von Hand benannt.',
  'insight.few': 'Es gibt noch zu wenige solche Paare, darum bleibt alles, wie es ist.',
  'insight.noise': 'Personen auf deinen Fotos sind sich so ähnlich wie anderswo.',
  'insight.unmeasured': 'Für diese Modelle hat niemand gemessen, wie ähnlich sich Personen anderswo sind.',
  'insight.farther': 'Deine Fotos sind etwas anders als andere, und Kith stellt sich darauf ein.',
  'insight.closer': 'Personen auf deinen Fotos sind sich ähnlicher als anderswo, und Kith ist strenger.',
  'insight.by-farther':
    'Zwei Gesichter einer Person dürfen {{shift}} weiter auseinander liegen als anderswo.',
  'insight.by-closer': 'Zwei Gesichter einer Person liegen {{shift}} näher beieinander als anderswo.',
  'insight.bounded': 'Weiter geht Kith nicht.',
  'insight.bound': 'An der Grenze wäre 1 Paar von {{n}} zwei Personen.',
  'insight.learning': 'Lernen',
  'insight.learning-text':
    'Aus Gesichtern, die du bestätigt hast, lernt Kith diese Personen zu unterscheiden, und behält es nur, wenn zurückgehaltene Gesichter zustimmen.',
  'insight.confirmed': '{{faces}} bestätigte Gesichter von {{people}} Personen.',
  'insight.least': 'Nötig sind {{faces}} von {{people}}.',
  'insight.learn': 'Jetzt lernen',
  'insight.still-learning': 'Kith lernt schon. Warte, bis es fertig ist.',
  'insight.learning-now': 'Kith lernt. Das dauert einige Sekunden…',
  'insight.in-use': 'In Gebrauch: {{share}} des Zweifels sind weg.',
  'insight.better': 'Es hilft und ist in Gebrauch.',
  'insight.not-better': 'Es half nicht; nichts wurde geändert.',
  'insight.fewer-accepted': 'Weniger Gesichter würden wiedererkannt; nichts wurde geändert.',
  'insight.labels-disagree':
    'Gesichter eines Namens ähneln sich nicht. Prüfe die Namen; nichts wurde geändert.',
  'insight.forget': 'Gelerntes vergessen',
  'insight.groups': 'Gruppen',
  'insight.groups-text':
    'Sie bleiben, wie sie sind. Neu gebildet, nach allem, was jetzt bekannt ist, werden sie vielleicht besser; Namen bleiben.',
  'insight.look': 'Zeigen, was sich ändern würde',
  'insight.looking': 'Sieht nach…',
  'insight.same': 'Nichts würde sich ändern.',
  'insight.moved_one': '{{n}} Gesicht wäre in anderer Gesellschaft als jetzt.',
  'insight.moved_other': '{{n}} Gesichter wären in anderer Gesellschaft als jetzt.',
  'insight.changes': 'Gruppen, die in einer anderen aufgingen: {{merged}}; die zerfielen: {{split}}.',
  'insight.regroup': 'Neu gruppieren',
  'insight.mixed': 'Diese zeigen mehr als eine Person:',
  'insight.more': 'und {{n}} weitere',
  'insight.one-photo': 'zwei Gesichter eines Fotos',
  'insight.two-names': 'Gesichter zweier Namen',
  'insight.apart': 'Teile, die sich nicht ähneln',
} satisfies Translated<typeof en>;
