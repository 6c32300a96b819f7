import { nameOf } from './found.ts';
import { listOf, textOf } from './raw.ts';

/** Keywords under which programs file people, in lower case. Source: digiKam (in its languages), Lightroom, Excire, ACDSee. */
const PEOPLE = new Set([
  'people',
  'persons',
  'person',
  'faces',
  'personen',
  'leute',
  'menschen',
  'gesichter',
  'personnes',
  'personas',
  'persone',
  'mensen',
]);

/**
 * Names in hierarchical keywords, such as `People|Anna` or `People/Family/Anna`: the last part. A keyword that others lie
 * under (`People/Family`, where `People/Family/Anna` is there too) is a group of people, not a person.
 */
export function namesInHierarchies(...values: readonly unknown[]): string[] {
  const paths = values.flatMap((value) =>
    listOf(value).map((keyword) =>
      textOf(keyword)
        .split(/[|/\\]/)
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ),
  );
  const ofPeople = paths.filter(([root, ...rest]) => rest.length > 0 && PEOPLE.has(root!.toLowerCase()));
  const keyOf = (path: readonly string[]) => path.slice(1).join('\n').toLowerCase();
  const above = new Set(
    ofPeople.flatMap((path) => path.slice(2).map((_, at) => keyOf(path.slice(0, at + 2)))),
  );
  const names = ofPeople.flatMap((path) => (above.has(keyOf(path)) ? [] : (nameOf(path.at(-1)!) ?? [])));
  return [...new Set(names)];
}

/** Keywords at the top level. */
export function flatKeywords(...values: readonly unknown[]): string[] {
  const words = values.flatMap((value) => listOf(value).map(textOf));
  return [...new Set(words.filter((word) => !/[|/\\]/.test(word)).flatMap((word) => nameOf(word) ?? []))];
}

/** Names in a list of names, such as `PersonInImage`. */
export function namesIn(value: unknown): string[] {
  return [...new Set(listOf(value).flatMap((name) => nameOf(textOf(name)) ?? []))];
}
