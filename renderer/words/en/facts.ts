import type { Fact } from '../../../electron/contract/fact-list.ts';

/** What the user may say of a person, and what the journal says then. */
export default {
  'birth.is': 'born {{said}}',
  'birth.title': 'Birth date of {{name}}',
  'birth.text': 'Kith won’t look for {{name}} in photos that were taken before.',
  'birth.add': 'Add birth date',
  'birth.change': 'Change birth date',
  'did.birth': 'Changed the birth date of {{name}}',
  'journal.birth': 'Birth date of {{name}}',
} as const satisfies Record<
  `${Fact}.${'is' | 'title' | 'text' | 'add' | 'change'}` | `${'did' | 'journal'}.${Fact}`,
  string
>;
