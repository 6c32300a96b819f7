import type { Translated } from '../catalog.ts';
import type en from '../en/alike.ts';

export default {
  'alike.text': 'Zwei Namen, vielleicht eine Person. Sieh dir beide an und entscheide.',
  'alike.same': 'Dieselbe Person',
  'alike.apart': 'Zwei Personen',
  'alike.becomes': 'Beide werden {{name}}',
  'alike.pair': '{{one}} und {{other}}',
  'alike.none': 'Alle haben nur einen Namen',
  'alike.none-text': 'Wo zwei benannte Personen wie eine aussehen, fragt Kith hier.',
  'alike.reading': 'Kith liest noch deine Gesichter. Das dauert einen Moment.',
  'alike.some_one': '{{n}} Paar ist vielleicht dieselbe Person',
  'alike.some_other': '{{n}} Paare sind vielleicht dieselbe Person',
} satisfies Translated<typeof en>;
