/** The HTTP entity tag of a picture. A photo has another tag in another size. */
export function etagOf(edition: string, size: number | undefined): string {
  return `"${edition}-${size ?? ''}"`;
}

/** The edition that a browser has in this size, by the tag that it asks with. */
export function editionIn(etag: string | null | undefined, size: number | undefined): string | undefined {
  const edition = etag?.match(/^"([0-9a-f]+)-\d*"$/)?.[1];
  return edition !== undefined && etag === etagOf(edition, size) ? edition : undefined;
}
