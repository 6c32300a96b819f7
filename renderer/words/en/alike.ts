/** People who have two names, perhaps. */
export default {
  'alike.text': 'Two names, perhaps one person. Look at both, and say.',
  'alike.same': 'The same person',
  'alike.apart': 'Two people',
  'alike.becomes': 'Both become {{name}}',
  'alike.pair': '{{one}} and {{other}}',
  'alike.none': 'Everybody has one name',
  'alike.none-text': 'Where two people with a name look like one, Kith asks here.',
  'alike.reading': 'Kith is still reading your faces. This takes a moment.',
  'alike.some_one': '{{n}} pair may be the same person',
  'alike.some_other': '{{n}} pairs may be the same person',
} as const;
