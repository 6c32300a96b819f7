import { InvalidArgumentError, Option } from 'commander';
import { MetadataForm, MetadataPlace, MetadataPreset } from '../../contract/metadata.ts';

/** Where names are written. */
export function placeOption(): Option {
  return new Option(
    '--into <place>',
    'sidecar: photo.jpg.xmp beside each photo; file: the photos, originals kept',
  ).choices(MetadataPlace.options);
}

/** In which forms names are written. */
export function presetOption(): Option {
  return new Option(
    '--preset <for>',
    `${MetadataPreset.options.join(', ')}; or forms, separated by commas: ${MetadataForm.options.join(', ')}`,
  ).argParser(preset);
}

/** @throws InvalidArgumentError for what is neither a preset nor a list of forms */
function preset(text: string): MetadataPreset | MetadataForm[] {
  const known = MetadataPreset.safeParse(text);
  if (known.success) return known.data;
  const forms = MetadataForm.array().min(1).safeParse(text.split(','));
  if (forms.success) return forms.data;
  throw new InvalidArgumentError(
    `Expected ${MetadataPreset.options.join(', ')}, or some of ${MetadataForm.options.join(', ')}, separated by commas.`,
  );
}
