import type { Translated } from '../catalog.ts';
import type en from '../en/names.ts';

export default {
  'names.title': 'Namen in diesen Fotos',
  'names.offer_one': '{{n}} Name steht in den Metadaten dieser Fotos. Übernehmen?',
  'names.offer_other': '{{n}} Namen stehen in den Metadaten dieser Fotos. Übernehmen?',
  'names.use': 'Übernehmen',
  'names.not-now': 'Nicht jetzt',
  'names.using': 'Jeder Name kommt zu seinem Gesicht …',
  'names.used_one': '{{n}} Gesicht aus den Metadaten der Fotos benannt',
  'names.used_other': '{{n}} Gesichter aus den Metadaten der Fotos benannt',
  'names.left_one': '{{n}} Name blieb weg, weil niemand sicher sagen kann, zu wem er gehört.',
  'names.left_other': '{{n}} Namen blieben weg, weil niemand sicher sagen kann, zu wem sie gehören.',
  'names.which': 'Welche?',
  'names.two-names': 'Ein Gesicht hat die Namen {{names}}',
  'names.twice': '{{name}} steht an zwei Gesichtern',
  'names.two-people': 'Zwei Personen darauf heißen beide {{name}}',
  'names.said': 'Die Datei sagt {{name}}, du hast {{said}} gesagt',
  'names.said-not': 'Die Datei sagt {{name}}, du hast gesagt, dass es niemand dieses Namens ist',
  'names.unplaced': '{{name}} ist darauf, und niemand sagt, wo',
  'names.misplaced': '{{name}}: Das Foto wurde seither beschnitten oder gedreht',
} satisfies Translated<typeof en>;
