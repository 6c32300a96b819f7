import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { openLibrary } from '../../electron/library/open.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { readNames } from '../../electron/service/names/read.ts';
import { madePhoto, madePool } from '../service/support/made-pool.ts';

const PHOTOS = 10_000;
const FOLDERS = 50;
const PEOPLE = 200;

/** A sidecar as digiKam and Kith write it, with one face. */
function sidecar(name: string): string {
  return `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
 xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#" xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#">
<mwg-rs:Regions rdf:parseType="Resource">
<mwg-rs:AppliedToDimensions stDim:w="1000" stDim:h="800" stDim:unit="pixel"/>
<mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description mwg-rs:Name="${name}" mwg-rs:Type="Face">
<mwg-rs:Area stArea:x="0.05" stArea:y="0.175" stArea:w="0.1" stArea:h="0.15" stArea:unit="normalized"/>
</rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
}

/**
 * Names in the metadata of 10,000 photos, each tenth of which has a sidecar with a name: how long they take to read the first
 * time and when nothing has changed, beside a scan in which nothing has changed. What the photos show is made up, since
 * nothing of it is looked at twice.
 */
export async function benchNames(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'kith-bench-names-'));
  const folder = join(home, 'photos');
  try {
    const picture = await sharp({ create: { width: 64, height: 51, channels: 3, background: '#888' } })
      .withExif({ IFD0: { Make: 'Kith', Model: 'Bench' } })
      .jpeg()
      .toBuffer();
    for (let at = 0; at < FOLDERS; at++) await mkdir(join(folder, String(at)), { recursive: true });
    for (let at = 0; at < PHOTOS; at++) {
      const path = join(folder, String(at % FOLDERS), `IMG_${at}.jpg`);
      const person = `person ${at % PEOPLE}`;
      await writeFile(path, Buffer.concat([picture, Buffer.from(`\n${madePhoto([person], String(at))}`)]));
      if (at % 10 === 0) await writeFile(`${path}.xmp`, sidecar(person));
    }
    const file = join(home, 'library.kith');
    const app = await createApp({
      libraryFile: file,
      detector: 'ssd',
      encoder: 'dlib',
      startPool: () => madePool(),
    });
    const scan = () => timed(() => app.call('folder.group', { path: folder }));
    await scan();
    const scans = [await scan(), await scan(), await scan()];
    await app.close();

    const library = openLibrary(file);
    const { id, path } = library.cards.photos.folders()[0]!;
    const { signal } = new AbortController();
    const read = () => timed(() => readNames({ library, folder: { id, path }, signal }));
    // The application has begun to read ahead, and was closed in the midst of it.
    library.namesRead.put(
      library.namesRead.files(id).map((one) => ({ file: one.id, stamp: '', found: null })),
    );
    const first = await read();
    const again = [await read(), await read(), await read()];
    library.close();

    const [unchanged, reading] = [middle(scans), middle(again)];
    console.log(
      [
        `| ${PHOTOS.toLocaleString('en')} photos, ${PHOTOS / 10} sidecars | s |`,
        '|---|---|',
        `| a scan in which nothing has changed | ${unchanged.toFixed(2)} |`,
        `| names, the first time | ${first.toFixed(1)} |`,
        `| names, when nothing has changed | ${reading.toFixed(2)} (${((100 * reading) / unchanged).toFixed(0)} % of the scan) |`,
      ].join('\n'),
    );
  } finally {
    await rm(home, { recursive: true });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
