/** A group that nobody has named. */
export default {
  'group.placeholder': 'Name everybody here',
  'group.faces': 'Faces',
  'group.hint': 'Select those that do not belong here',
  'group.ignore': 'Stranger: don’t ask again',
  'group.not-faces': 'None of these is a face',
  'group.hide': 'Hide this group',
  'group.show': 'Show this group again',
  'group.export': 'Export these faces',
  'group.gone': 'Nobody is left in this group',
  'group.gone-text': 'Everybody who was in it has a name, or was moved.',
} as const;
