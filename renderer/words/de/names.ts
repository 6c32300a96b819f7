import type { Translated } from '../catalog.ts';
import type en from '../en/names.ts';

export default {
  'names.title': 'Namen in diesen Fotos',
  'names.offer_one': '{{n}} Name steht in den Metadaten dieser Fotos. Übernehmen?',
  'names.offer_other': '{{n}} Namen stehen in den Metadaten dieser Fotos. Übernehmen?',
  'names.use': 'Übernehmen',
  'names.not-now': 'Nicht jetzt',
  'names.using': 'Kith gibt jeden Namen seinem Gesicht …',
  'names.used_one': '{{n}} Gesicht aus den Metadaten der Fotos benannt',
  'names.used_other': '{{n}} Gesichter aus den Metadaten der Fotos benannt',
  'names.left_one': '{{n}} Name blieb weg, weil nicht sicher ist, zu wem er gehört.',
  'names.left_other': '{{n}} Namen blieben weg, weil nicht sicher ist, zu wem sie gehören.',
  'names.need_one': '{{n}} Name aus den Metadaten deiner Fotos braucht dich',
  'names.need_other': '{{n}} Namen aus den Metadaten deiner Fotos brauchen dich',
  'names.decide': 'Jetzt entscheiden',
  'names.which': 'Welche?',
  'names.more_one': 'und {{n}} weiterer',
  'names.more_other': 'und {{n}} weitere',
  'names.two-names': 'Ein Gesicht hat die Namen {{names}}',
  'names.twice': 'Zwei Gesichter haben den Namen {{name}}',
  'names.two-people': 'Zwei Personen auf diesem Foto heißen beide {{name}}',
  'names.said': 'Die Datei sagt {{name}}, du hast {{said}} gesagt',
  'names.said-not': 'Die Datei sagt {{name}}, du hast gesagt, dass dieses Gesicht nicht {{name}} ist',
  'names.unplaced': '{{name}} ist auf diesem Foto, aber die Datei sagt nicht, welches Gesicht',
  'names.misplaced': '{{name}}: Das Foto wurde nach dem Benennen beschnitten oder gedreht',
} satisfies Translated<typeof en>;
