import { csvOf, UTF8_MARK } from './csv.ts';
import type { Rows } from './folder.ts';

/** Rows that are put into text before others get their turn. */
const AT_ONCE = 500;

/** Pictures of faces and contact sheets among the files of an export. */
function parted(rows: Rows): { faces: Rows; sheets: Rows } {
  return {
    faces: rows.filter((row) => 'face' in row),
    sheets: rows.filter((row) => 'sheet' in row),
  };
}

/** `manifest.json`, in pieces, a face a line: there may be a hundred thousand, and others want their turn. */
export function* manifestOf(rows: Rows, root: string | null): Generator<string> {
  const { faces, sheets } = parted(rows);
  const head = {
    ...{ writtenBy: 'kith', version: 2 },
    ...(root === null ? {} : { root }),
    ...(sheets.length === 0 ? {} : { sheets: sheets.map(({ file, sheet: of }) => ({ file, of })) }),
  };
  let piece = `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "faces": [`;
  for (const [index, row] of faces.entries()) {
    piece += `${index === 0 ? '' : ','}\n    ${JSON.stringify(row)}`;
    if (index % AT_ONCE < AT_ONCE - 1) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}\n  ]\n}\n`;
}

const COLUMNS = [
  ...['file', 'person', 'group', 'face', 'photo', 'taken', 'x', 'y', 'width', 'height'],
  ...['score', 'quality', 'picture width', 'picture height'],
];

/** `manifest.csv`: the same faces, a line each. */
export function tableOf(rows: Rows): string {
  const lines = parted(rows).faces.map((row) => {
    const { file, person, group, face, photo, taken, box, score, quality, picture } = row as Row;
    const cells = [file, person?.name, group, face, photo, taken, ...(box ?? [])];
    return csvOf([...cells, score, quality, ...(picture ?? [])].map((cell) => String(cell ?? '')));
  });
  return `${UTF8_MARK}${csvOf(COLUMNS)}${lines.join('')}`;
}

/** What the manifest says of a face. */
interface Row {
  file: string;
  person?: { name: string } | null;
  group?: number | null;
  face?: number | null;
  photo?: string | null;
  taken?: string | null;
  box?: number[];
  score?: number | null;
  quality?: number;
  picture?: number[];
}
