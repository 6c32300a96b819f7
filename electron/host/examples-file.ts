import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { KithError } from '../contract/errors.ts';
import type { NamedExample } from '../contract/results.ts';

/**
 * Reads who is who: a CSV file with the columns `name,photo` and, where a photo shows several people, `x,y`: a point
 * inside the face, in pixels.
 *
 * @throws KithError file-missing; bad-request, naming the file and the line
 */
export async function readExamples(path: string): Promise<NamedExample[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new KithError('file-missing', path, { cause: error });
  });
  const rows = rowsOf(text, path);
  return rows.map((row, at) => {
    const where = `${path}, line ${at + 2}`;
    const { name = '', photo = '', x = '', y = '' } = row;
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

function rowsOf(text: string, path: string): Partial<Record<string, string>>[] {
  try {
    const rows = parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true });
    return rows as Partial<Record<string, string>>[];
  } catch (error) {
    throw new KithError('bad-request', `${path} is no CSV file with the columns name,photo[,x,y]`, {
      cause: error,
    });
  }
}
