import type { MetadataChoices, MetadataForm, MetadataPreset } from '../contract/metadata.ts';

/**
 * What each program reads (docs/metadata.md). Immich and PhotoPrism make an album or a label of each keyword, which nobody
 * asked for, so they get regions alone.
 */
export const PRESETS: Record<MetadataPreset, readonly MetadataForm[]> = {
  everything: ['mwg', 'microsoft', 'iptc', 'person-in-image', 'hierarchical', 'digikam', 'subject'],
  digikam: ['mwg', 'microsoft', 'hierarchical', 'digikam', 'subject'],
  lightroom: ['mwg', 'hierarchical', 'subject'],
  immich: ['mwg'],
};

export type RegionForm = Extract<MetadataForm, 'mwg' | 'microsoft' | 'iptc'>;
export type WordForm = Exclude<MetadataForm, RegionForm>;

/** ExifTool's tag of each form. */
export const TAG_OF: Record<MetadataForm, string> = {
  mwg: 'XMP-mwg-rs:RegionInfo',
  microsoft: 'XMP-MP:RegionInfoMP',
  iptc: 'XMP-iptcExt:ImageRegion',
  'person-in-image': 'XMP-iptcExt:PersonInImage',
  hierarchical: 'XMP-lr:HierarchicalSubject',
  digikam: 'XMP-digiKam:TagsList',
  subject: 'XMP-dc:Subject',
};

export const WORD_FORMS: readonly WordForm[] = ['person-in-image', 'hierarchical', 'digikam', 'subject'];

/** The keyword that stands for a person in one of the lists. */
export function wordFor(form: WordForm, name: string): string {
  // A bar, or a slash, would make two levels of one name.
  if (form === 'hierarchical') return `People|${name.replaceAll('|', '/')}`;
  if (form === 'digikam') return `People/${name.replaceAll('/', '|')}`;
  return name;
}

/** The forms of a choice, in one order: two choices of the same forms are the same. */
export function formsOf({ forms }: Pick<MetadataChoices, 'forms'>): MetadataForm[] {
  return [...new Set(typeof forms === 'string' ? PRESETS[forms] : forms)].toSorted();
}
