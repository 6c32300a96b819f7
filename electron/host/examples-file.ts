import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { KithError } from '../contract/errors.ts';
import type { NamedExample } from '../contract/results.ts';

/**
 * Reads who is who: a CSV file with the columns `name,photo` and, where a photo shows several people, `x,y`: a point
 * inside the face, in pixels. The first line may name the columns, in any order.
 *
 * @throws KithError file-missing; bad-request, naming the file and the line
 */
export async function readExamples(path: string): Promise<NamedExample[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new KithError('file-missing', path, { cause: error });
  });
  return rowsOf(text, path).map(({ name = '', photo = '', x = '', y = '', line }) => {
    const where = `${path}, line ${line}`;
    if (name === '' || photo === '') {
      throw new KithError(
        'bad-request',
        `${where}: expected a name and a photo but found "${name},${photo}"`,
      );
    }
    if (x === '' && y === '') return { name, photo, point: null };
    const point = { x: Number(x), y: Number(y) };
    if (x === '' || y === '' || !Number.isFinite(point.x) || !Number.isFinite(point.y)) {
      throw new KithError('bad-request', `${where}: expected two numbers for x and y but found "${x},${y}"`);
    }
    return { name, photo, point };
  });
}

interface Row extends Partial<Record<string, string>> {
  line: string;
}

const COLUMNS = ['name', 'photo', 'x', 'y'];

function rowsOf(text: string, path: string): Row[] {
  try {
    const options = { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true, info: true };
    const found = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    const first = found[0]?.record.map((cell) => cell.toLowerCase()) ?? [];
    const hasHeading = first.includes('name') && first.includes('photo');
    const columns = hasHeading ? first : COLUMNS;
    return found.slice(hasHeading ? 1 : 0).map(({ record, info }) => ({
      ...Object.fromEntries(record.map((cell, at) => [columns[at] ?? '', cell])),
      line: String(info.lines),
    }));
  } catch (error) {
    throw new KithError('bad-request', `${path} is no CSV file with the columns name,photo[,x,y]`, {
      cause: error,
    });
  }
}
