import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type ExifTool, startExifTool } from '../../electron/metadata/tool.ts';
import { contents } from '../service/support/record.ts';
import { NO_PERL } from './perl.ts';
import { drawn, FACES, MetadataPlace, seen } from './place.ts';

/** A folder of photos of its own for each test, with ExifTool (where it can run) for all tests of a file. */
export class Here {
  #place: MetadataPlace | null = null;
  #tool: ExifTool | null = null;

  constructor() {
    beforeAll(() => {
      if (NO_PERL === null) this.#tool = startExifTool();
    });
    beforeEach(() => {
      this.#place = new MetadataPlace();
    });
    afterEach(() => this.#place?.remove());
    afterAll(() => this.#tool?.end());
  }

  get place(): MetadataPlace {
    return this.#place!;
  }

  get tool(): ExifTool {
    return this.#tool!;
  }

  path(name: string): string {
    return this.place.path(name);
  }

  /** Draws and records photos, each with these people on its two faces. */
  async photos(named: Record<string, string[]>): Promise<void> {
    for (const [at, name] of Object.keys(named).entries()) {
      // No two photos are one content.
      const faces = FACES.map((face) => ({ ...face, left: face.left + at }));
      writeFileSync(this.path(name), await drawn('jpg', 1, faces));
    }
    await this.record(named);
  }

  /** Records photos that lie in the folder, each with these people on its two faces. */
  async record(named: Record<string, string[]>): Promise<void> {
    await this.place.record(
      await Promise.all(
        Object.entries(named).map(async ([name, people]) => {
          const boxes = await Promise.all(FACES.map(({ level }) => seen(this.path(name), level, true)));
          return { name, people: people.map((person, face) => ({ name: person, box: boxes[face]! })) };
        }),
      ),
    );
  }

  write(into: 'sidecar' | 'file' = 'sidecar') {
    return this.place.withApp((app) => app.call('metadata.write', { path: this.place.folder, into }));
  }

  undo() {
    return this.place.withApp((app) => app.call('metadata.undo', {}));
  }

  /** SHA-256 of each file of the folder. */
  all(): Record<string, string> {
    return contents(this.place.folder);
  }

  /** Everything that ExifTool finds in a file but what is of the file system's, or of ExifTool itself. */
  async dump(path: string): Promise<Record<string, unknown>> {
    const { text } = await this.tool.run(['-json', '-struct', '-a', '-G1', '-e', '-All:All', path]);
    const [found] = JSON.parse(text);
    const foreign = Object.entries(found).filter(
      ([tag]) => !/^(System|File|ExifTool):|^SourceFile|XMPToolkit/.test(tag),
    );
    return Object.fromEntries(foreign);
  }

  /** The names of a file's regions. */
  async names(path: string): Promise<string[]> {
    const { 'XMP-mwg-rs:RegionInfo': info } = (await this.tool.read(path, ['XMP-mwg-rs:RegionInfo'])) as {
      'XMP-mwg-rs:RegionInfo'?: { RegionList: { Name: string }[] };
    };
    return (info?.RegionList ?? []).map(({ Name }) => Name);
  }
}
