import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import PDFDocument from 'pdfkit';
import sharp from 'sharp';
import type { ExportFolder } from './folder.ts';
import { fitted, fontFile, runs, widthOf } from './lettering.ts';
import { fold } from './names.ts';

/** A4 in points, and what a page holds. Chosen by hand. */
const PAGE = {
  width: 595.28,
  height: 841.89,
  margin: 42,
  columns: 5,
  rows: 6,
  gap: 12,
  header: 44,
  caption: 24,
};

/** Side of a picture in pixels: 200 to the inch at its size on the page. */
const SIDE = 260;

/** A face that was written: what its caption says. */
interface SheetFace {
  photo: string;
  stem?: string;
  takenAt?: string | null;
  person?: { name: string } | null;
}

/** One picture of a sheet. */
interface SheetPicture {
  path: string;
  /** What stands below it, two short lines. */
  lines: [string, string];
}

/**
 * Writes `contact sheet.pdf` into each folder of an export: the pictures that were written there, with date and photo.
 * @returns the files that were written; fewer where `signal` ended it
 */
export async function writeSheets(
  into: ExportFolder,
  written: readonly { face: SheetFace; file: string }[],
  signal?: AbortSignal,
): Promise<string[]> {
  const sheets: string[] = [];
  for (const [folder, faces] of Map.groupBy(written, ({ file }) => dirname(file))) {
    if (signal?.aborted) break;
    const name = faces[0]!.face.person?.name ?? folder;
    const file = `${folder === '.' ? '' : `${folder}/`}${sheetName(into, folder)}`;
    const pictures = faces.map(
      ({ face, file: picture }): SheetPicture => ({
        path: join(into.root, picture),
        lines: [face.takenAt?.slice(0, 10) ?? '', face.stem ?? face.photo],
      }),
    );
    await into.put(file, await contactSheet(name, pictures), { sheet: name });
    sheets.push(file);
  }
  return sheets;
}

/** A file of the user's that has the name already stays. */
function sheetName(into: ExportFolder, folder: string): string {
  const taken = new Set(into.foreign.map(fold));
  for (let round = 1; ; round += 1) {
    const name = `contact sheet${round === 1 ? '' : ` ${round}`}.pdf`;
    if (!taken.has(fold(folder === '.' ? name : `${folder}/${name}`))) return name;
  }
}

/**
 * Pictures of one person in rows, as PDF. The same pictures give the same bytes: no date or random number is in it.
 *
 * By PDFKit, which sets names in the fonts that Kith has, so that they can be searched and copied; pdf-lib's last version is
 * of 2021.
 */
export async function contactSheet(name: string, pictures: readonly SheetPicture[]): Promise<Buffer> {
  const { width, height, margin, columns, rows, gap, header, caption } = PAGE;
  const document = new PDFDocument({
    ...{ size: [width, height], margin, autoFirstPage: false },
    info: { Title: name, Creator: 'Kith', CreationDate: new Date(0) },
  });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => document.on('end', resolve).on('error', reject));
  const cell = (width - 2 * margin - (columns - 1) * gap) / columns;
  const line = (height - 2 * margin - header) / rows;
  const pages = Math.ceil(pictures.length / (columns * rows));
  for (const [index, { path, lines }] of pictures.entries()) {
    const place = index % (columns * rows);
    if (place === 0) {
      document.addPage();
      const number = `${index / (columns * rows) + 1} / ${pages}`;
      write(document, fitted(name, width - 2 * margin - 80, 20, 600), {
        x: margin,
        y: margin,
        size: 20,
        weight: 600,
      });
      write(document, number, { x: width - margin - widthOf(number, 9), y: margin + 9, size: 9, grey: true });
    }
    const x = margin + (place % columns) * (cell + gap);
    const y = margin + header + Math.floor(place / columns) * line;
    const room = line - caption - gap;
    const jpeg = await small(path);
    document.image(jpeg, x, y, {
      fit: [cell, Math.min(room, cell * 1.34)],
      align: 'center',
      valign: 'bottom',
    });
    const below = y + Math.min(room, cell * 1.34) + 4;
    lines.forEach((text, at) => {
      write(document, fitted(text, cell, 7), { x, y: below + at * 9, size: 7, grey: true });
    });
  }
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

async function small(path: string): Promise<Buffer> {
  return sharp(await readFile(path))
    .resize({ width: SIDE, height: Math.round(SIDE * 1.34), fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 82 })
    .toBuffer();
}

function write(
  document: PDFKit.PDFDocument,
  text: string,
  at: { x: number; y: number; size: number; weight?: 400 | 600; grey?: boolean },
): void {
  let { x } = at;
  const { y, size, weight = 400, grey = false } = at;
  for (const { part, script } of runs(text, weight)) {
    document
      .font(fontFile(script, weight))
      .fontSize(size)
      .fillColor(grey ? '#6e6e73' : '#1d1d1f')
      .text(part, x, y, { lineBreak: false });
    x += widthOf(part, size, weight);
  }
}
