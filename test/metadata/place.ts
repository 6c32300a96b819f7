import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { UnitBox } from '../../electron/contract/geometry.ts';
import type { FoundFace } from '../../electron/contract/vision.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { type ExifTool, startExifTool } from '../../electron/metadata/tool.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import type { KeepPace } from '../../electron/service/app/keep-pace.ts';
import { madePool } from '../service/support/made-pool.ts';

/** A face as it lies on the stored picture, in its pixels, and how bright it is drawn. */
export interface DrawnFace {
  left: number;
  top: number;
  width: number;
  height: number;
  level: number;
}

export const SIZE = { width: 400, height: 240 };

/** Two faces that no turn or mirror brings onto each other. */
export const FACES: readonly DrawnFace[] = [
  { left: 40, top: 24, width: 80, height: 48, level: 255 },
  { left: 260, top: 120, width: 60, height: 96, level: 128 },
];

export type Format = 'jpg' | 'png' | 'tif' | 'webp' | 'avif';

/** A picture of grey rectangles on black, stored as it is and said to be turned. */
export async function drawn(format: Format, orientation = 1, faces = FACES): Promise<Buffer> {
  const parts = await Promise.all(
    faces.map(async ({ left, top, width, height, level }) => ({
      ...{ left, top },
      input: await sharp({
        create: { width, height, channels: 3, background: { r: level, g: level, b: level } },
      })
        .png()
        .toBuffer(),
    })),
  );
  const picture = sharp({ create: { ...SIZE, channels: 3, background: '#000' } })
    .composite(parts)
    .withMetadata({ orientation });
  if (format === 'jpg') return picture.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
  if (format === 'png') return picture.png().toBuffer();
  if (format === 'tif') return picture.tiff({ compression: 'lzw' }).toBuffer();
  if (format === 'webp') return picture.webp({ lossless: true }).toBuffer();
  return picture.avif({ lossless: true }).toBuffer();
}

/** Where the pixels of one brightness lie, in fractions of the picture. */
export async function seen(file: string, level: number, upright: boolean) {
  const picture = sharp(readFileSync(file));
  const { data, info } = await (upright ? picture.autoOrient() : picture)
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const lit = [...data.keys()].filter((at) => Math.abs(data[at]! - level) < 40);
  const [xs, ys] = [lit.map((at) => at % info.width), lit.map((at) => Math.floor(at / info.width))];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return {
    x: left / info.width,
    y: top / info.height,
    width: (Math.max(...xs) - left + 1) / info.width,
    height: (Math.max(...ys) - top + 1) / info.height,
  };
}

/** SHA-256 of a picture's pixels, upright. */
export async function pixelsOf(file: string): Promise<string> {
  const pixels = await sharp(readFileSync(file)).autoOrient().raw().toBuffer();
  return createHash('sha256').update(pixels).digest('hex');
}

/** A folder of photos with a library beside it. */
export class MetadataPlace {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'kith-metadata-')));
  readonly folder = join(this.root, 'photos');
  readonly file = join(this.root, 'library.kith');
  readonly pool = madePool();

  constructor() {
    mkdirSync(this.folder);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /**
   * Records files that lie in the folder as a scan would, and names faces by hand; boxes are of the upright photo, and a
   * file's own pixels say how large that is unless `sides` does.
   */
  async record(
    photos: {
      name: string;
      people: { name: string; box: object }[];
      sides?: { width: number; height: number };
    }[],
  ): Promise<void> {
    const measured = await Promise.all(
      photos.map(
        async ({ name, sides }) =>
          sides ?? (await sharp(readFileSync(this.path(name))).metadata()).autoOrient,
      ),
    );
    this.withLibrary((library) => {
      const by = { detector: 'ssd', encoder: 'dlib' } as const;
      const seenFiles = photos.map(({ name }) => {
        const { size, mtimeNs } = statSync(this.path(name), { bigint: true });
        return { path: name, size: Number(size), mtimeNs };
      });
      const open = library.files.reconcile(library.files.folder(this.folder), seenFiles, [], 'ssd');
      for (const { id, path, size } of open) {
        const at = photos.findIndex(({ name }) => name === path);
        const bytes = readFileSync(this.path(path));
        const photo = library.photos.record(
          {
            hash: createHash('sha256').update(bytes).digest('hex'),
            ...{
              bytes: size,
              ...measured[at]!,
              takenAt: null,
              thumbnail: new Uint8Array([0xff, 0xd8, 0xff]),
            },
            faces: photos[at]!.people.map(({ box }, face) => faceOf(box, face)),
          },
          by,
        );
        library.files.link(id, photo);
        // Faces have their ids in the order in which they were found.
        const faces = library.faces.ofPhoto(photo).toSorted((a, b) => a.id - b.id);
        library.journal.act({ action: 'name', detail: {}, by: 'hand' }, (entry) => {
          photos[at]!.people.forEach(({ name }, face) => {
            const person = library.people.named(name)?.id ?? library.people.create(name);
            library.labels.put([faces[face]!.id], { verdict: 'person', person, by: 'hand' }, entry);
          });
        });
      }
    });
  }

  /** Names of files whose content the record does not have for their photo: exports would take it for gone. */
  unknown(): string[] {
    return this.withLibrary((library) =>
      library.files.list(library.files.folder(this.folder)).flatMap(({ path, photoId }) => {
        if (photoId === null) return [];
        const hash = createHash('sha256')
          .update(readFileSync(this.path(path)))
          .digest('hex');
        return library.cards.photos.get(photoId).hash === hash ? [] : [path];
      }),
    );
  }

  withLibrary<T>(work: (library: Library) => T): T {
    const library = openLibrary(this.file);
    try {
      return work(library);
    } finally {
      library.close();
    }
  }

  /** Runs work with the application on this library. */
  async withApp<T>(work: (app: App) => Promise<T>, keeping: Partial<KeepPace> = {}): Promise<T> {
    const app = await createApp({
      keeping,
      ...{ detector: 'ssd', encoder: 'dlib', libraryFile: this.file, poolSize: 1 },
      startPool: () => this.pool,
    });
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  }

  /** Runs work with ExifTool, as another program would. */
  async withTool<T>(work: (tool: ExifTool) => Promise<T>): Promise<T> {
    const tool = startExifTool();
    try {
      return await work(tool);
    } finally {
      await tool.end();
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

function faceOf(box: object, at: number): FoundFace {
  const embedding = new Float32Array(128);
  embedding[at % 128] = 1;
  return {
    box: UnitBox.parse(box),
    landmarks: null,
    ...{ score: 0.99, quality: 0.9, crop: new Uint8Array([0xff, 0xd8, 0xff, at]), embedding },
  };
}
