/** All photos, and the files that are none. */
export default {
  'photos.faces_one': '{{n}} face',
  'photos.faces_other': '{{n}} faces',
  'photos.undated': 'Without a date',
  'photos.size': 'Size of the photos',
  'photos.pixels': '{{n}} pixels',
  'photos.larger': 'Larger photos',
  'photos.smaller': 'Smaller photos',
  'photos.scrub': 'Go to a month',
  'photos.empty': 'No photos yet',
  'photos.empty-text': 'Add a folder, and its photos appear here by date.',
  'unreadable.title': 'Files that could not be read',
  'unreadable.text': 'Everything else was read. Put a file right, and scan its folder again.',
  'unreadable.again': 'Scan again',
  'unreadable.none': 'Every file could be read',
  'unreadable.none-text': 'Files that can’t be read are listed here, each with the reason.',
} as const;
