import type { Translated } from '../catalog.ts';
import type en from '../en/alike.ts';

export default {
  'alike.text': 'Zwei Namen, vielleicht eine Person. Sehen Sie beide an und entscheiden Sie.',
  'alike.same': 'Dieselbe Person',
  'alike.apart': 'Zwei Personen',
  'alike.becomes': 'Beide werden {{name}}',
  'alike.pair': '{{one}} und {{other}}',
  'alike.none': 'Alle haben nur einen Namen',
  'alike.none-text': 'Wo zwei benannte Personen wie eine aussehen, fragt Kith hier.',
  'alike.reading': 'Kith liest noch Ihre Gesichter. Das dauert einen Moment.',
  'alike.some_one': '{{n}} Paar ist vielleicht dieselbe Person',
  'alike.some_other': '{{n}} Paare sind vielleicht dieselbe Person',
  'did.apart': '{{name}} und {{other}} sind zwei Personen',
} satisfies Translated<typeof en>;
