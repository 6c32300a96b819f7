/**
 * `npm run eval [-- ssd/dlib …]`: verification and grouping on LFW's development half, for each detector and encoder
 * that is installed; a table in Markdown and the figures as JSON, in out/eval/.
 * `npm run eval -- people [ssd/dlib …]`: one example each, open-set: who is found, and how often Kith is wrong where it
 * is sure; with the fit of what matching's similarities mean.
 * `npm run eval -- learn [ssd/dlib …]`: what a metric learned by either loss does, for people it knows and for others.
 * `npm run eval -- order [count] [ssd/dlib …]`: how much groups owe to the order in which photos arrive.
 * `npm run eval -- album [hard] [photos] [ssd/dlib …]`: photos of several people made of LFW's faces, named by somebody who
 * answers the review truthfully: answers to 80 and 95 %, against naming groups alone; and in 50 orders of arrival.
 * `npm run eval -- stories [draw …] [ssd/dlib …]`: the family album, and 25 people of 20 photos each out of LFW, from an empty
 * library to the end of the review, on the page in a browser, answered truthfully by keys; 1 is drawn where no draw is named.
 * `npm run eval -- imports [--root folder] [ssd/dlib …]`: libraries that come in many imports, by person, by event, newest
 * first and so on, with and without names in between, against the same photos at once; of any folder whose subfolders are
 * people, or of libraries drawn from LFW, LAG, the family photos and the samples. Puts its table into out/eval, too.
 * `npm run eval -- ablate [answers] [ssd/dlib …]`: the engine without one part at a time, on LFW, and on LAG's people grown
 * up and as children, with intervals over people; `answers`: an album is answered each time, too.
 * `npm run eval -- sweep CONSTANT [value …] [ssd/dlib …]`: what other values of a number of constants.ts cost and gain.
 * `npm run eval -- near [ssd/dlib …]`: people who look like each other: wrong names among them, and groups of two; then the
 * 1,000 nearest pairs of children and of adults: wrong *sure* names among them, and what lead tells two of them apart.
 * `npm run eval -- ages [fit] [ssd/dlib …]`: children and grown-ups of LAG with and without the alignment of ages; `fit` puts
 * the model of an encoder's children, fitted on LAG and LFW, into models/cards; `ages dates`: what photos' dates add.
 * `npm run eval -- doubles [ssd/dlib …]`: people with two names, offered as one; and different people who are.
 * `npm run eval -- join yunet/facenet-512+dlib`: fits how the embeddings of two encoders are joined to one, and puts it into
 * models/cards, or beside weights that somebody imported.
 * `npm run eval -- reliability [fit] [ssd/dlib …]`: whether probabilities mean what they say in libraries of 10 to 10,000
 * faces, drawn from LFW and LAG, and on the sample photos: the tables and pictures of docs/calibration.md; `fit` prints
 * what matching's similarities mean by these libraries, for models/known-encoders.ts.
 * `npm run eval -- cohort [ssd/dlib …]`: fits the cohort of an encoder, for small libraries, and puts it into models/cards.
 * `npm run eval -- detect [ssd …]`: faces found on made class photos, turned, dark, cut and empty ones, with a picture of
 * the ten worst for each detector in out/eval/.
 * `npm run eval -- sizes [ssd/dlib …]`: what embeddings of faces of 12 to 70 pixels are worth, for each encoder.
 * `npm run eval -- close-ups [ssd …]`: how many boxes each detector puts on a face that fills the frame.
 * `npm run eval -- hidden [ssd/dlib …]`: how well an encoder still knows faces below a blur, a mosaic, and what Kith covers
 * them with: the table of docs/export.md.
 * `npm run eval -- crops`: FaceNet by crop, on the first folds of the pairs: the table of models/cards/facenet-512.md.
 * `npm run eval -- calibrate [ssd/dlib …]`: fits the calibrations that models/known-encoders.ts holds, and prints them; of
 * weights that somebody imported, writes them beside the weights, where Kith looks for them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SingleBar } from 'cli-progress';
import { CompositeId, DetectorId, EncoderId, encoderOf, networksOf } from '../../electron/contract/ids.ts';
import type { ScanProgress } from '../../electron/contract/results.ts';
import { calibrationFor, writeCalibration } from '../../models/calibration.ts';
import { encoderIds } from '../../models/catalog.ts';
import { encoderKey } from '../../models/encoder.ts';
import { ensureBundled } from '../../models/make.ts';
import { openStore } from '../../models/store.ts';
import { ablate } from './ablate.ts';
import { compareAges, fitAndWrite } from './ages.ts';
import { compareDates } from './ages-dated.ts';
import { nameAlbum } from './album.ts';
import { calibrate, type Fit } from './calibrate.ts';
import { countCloseUps } from './close-ups.ts';
import { writeCohort } from './cohort.ts';
import { compareCrops } from './crops.ts';
import { countDetections } from './detect.ts';
import { countDoubles } from './doubles.ts';
import { compareCovers } from './hidden.ts';
import { distanceTable, writeDistances } from './histogram.ts';
import { compareImports, wordsOfImports } from './imports.ts';
import { fitJoin } from './join.ts';
import { compareMetrics } from './learn.ts';
import { embedLfw, type LfwRun, runLfw } from './lfw.ts';
import { type Grouping, judgeGroups, type Verification, verify } from './measure.ts';
import { confuse } from './near.ts';
import { confuseNearest } from './near-people.ts';
import { compareOrders } from './order.ts';
import { findPeople } from './people.ts';
import { fitReliability, measureReliability } from './reliability-report.ts';
import { compareSizes } from './sizes.ts';
import { HEAD, tellStories } from './stories.ts';
import { sweep } from './sweep.ts';

const out = resolve(import.meta.dirname, '../../out/eval');

interface Result extends Pick<LfwRun, 'detector' | 'encoder' | 'pictures'> {
  verification: Verification;
  grouping: Grouping;
}

/**
 * Detector and encoder of each run: those asked for as `detector/encoder`, or every pair that is installed; without
 * encoders that are not calibrated, unless that is what is done.
 */
async function runsToMake(
  words: readonly string[],
  uncalibrated = false,
): Promise<[DetectorId, EncoderId][]> {
  if (words.length > 0) {
    return words.map((word) => {
      const [detector, encoder] = word.split('/');
      return [DetectorId.parse(detector), EncoderId.parse(encoder)];
    });
  }
  const installed = new Set<string>(
    (await openStore().status()).filter(({ state }) => state === 'installed').map(({ id }) => id),
  );
  const detectors = (['ssd', 'yunet'] as const).filter((id) => installed.has(id));
  const encoders: EncoderId[] = [];
  for (const id of encoderIds.filter((id) => networksOf(id).every((network) => installed.has(network)))) {
    const { folders } = openStore();
    const isReady = calibrationFor(await encoderKey(id, openStore()), folders) !== null;
    if (isReady || uncalibrated) encoders.push(id);
  }
  return detectors.flatMap((detector) =>
    encoders.map((encoder): [DetectorId, EncoderId] => [detector, encoder]),
  );
}

async function scanned(detector: DetectorId, encoder: EncoderId, run = runLfw): Promise<LfwRun> {
  const file = join(out, `${detector}-${encoder}.kith`);
  return withBar(`${detector} + ${encoder}`, (onProgress) => run(detector, encoder, file, onProgress));
}

/** Shows how far a scan is. */
async function withBar<T>(
  what: string,
  work: (onProgress: (progress: ScanProgress) => void) => Promise<T>,
): Promise<T> {
  const format = `${what} [{bar}] {value}/{total} pictures, {eta_formatted} left`;
  const bar = new SingleBar({ format, clearOnComplete: true, noTTYOutput: false });
  bar.start(1, 0);
  const result = await work(({ done, total }) => {
    bar.setTotal(total);
    bar.update(done);
  });
  bar.stop();
  return result;
}

/** Puts down what was measured: in the project for weights that Kith knows, else beside them. @returns the file */
async function kept(run: LfwRun, { calibration, pairs }: Fit): Promise<string> {
  const { id, weights } = encoderOf(run.key);
  if (weights === null) return writeDistances(run);
  const folder = dirname(await openStore().find(networksOf(id)[0]!));
  return writeCalibration({ id, weights }, { calibration, pairs, distances: distanceTable(run) }, folder);
}

function judged(run: LfwRun): Result {
  const { detector, encoder, pictures } = run;
  return { detector, encoder, pictures, verification: verify(run), grouping: judgeGroups(run) };
}

function table(results: readonly Result[]): string {
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  const rows = results.map(({ detector, encoder, verification, grouping }) =>
    [
      `${detector} + ${encoder}`,
      `${percent(verification.accuracy)} ± ${(verification.std * 100).toFixed(2)}`,
      percent(verification.tarAtFar['0.001']),
      percent(verification.tarAtFar['0.01']),
      verification.auc.toFixed(4),
      String(verification.noFace),
      ...[grouping.bCubed, grouping.pairwise].flatMap(({ precision, recall, f }) =>
        [precision, recall, f].map((share) => share.toFixed(4)),
      ),
    ].join(' | '),
  );
  const head = [
    'detector + encoder',
    'accuracy',
    'TAR at FAR 0.1 %',
    'TAR at FAR 1 %',
    'AUC',
    'pairs without a face',
    ...['B³', 'pairwise'].flatMap((kind) => ['precision', 'recall', 'F'].map((what) => `${kind} ${what}`)),
  ];
  return [head.join(' | '), head.map(() => '---').join(' | '), ...rows].map((row) => `| ${row} |`).join('\n');
}

const [command, ...rest] = process.argv.slice(2);
await ensureBundled();
mkdirSync(out, { recursive: true });
if (command === 'calibrate') {
  for (const [detector, encoder] of await runsToMake(rest, true)) {
    const run = await scanned(detector, encoder, embedLfw);
    const fit = await calibrate(run);
    const { calibration, heldOut, pairs } = fit;
    console.log(`${detector} + ${encoder}: ${JSON.stringify(calibration)}`);
    console.log(`  fitted on ${pairs.genuine} genuine and ${pairs.impostor} impostor pairs`);
    console.log(
      `  B³ F on either half of the people, fitted on the other: ${heldOut.map(({ f }) => f.toFixed(4)).join(', ')}`,
    );
    console.log(`  ${await kept(run, fit)}`);
  }
} else if (command === 'join') {
  for (const [detector, encoder] of await runsToMake(rest, true)) {
    const id = CompositeId.parse(encoder);
    const report = await withBar(`${detector} + ${id}`, (onProgress) =>
      fitJoin(id, detector, { out, onProgress }),
    );
    console.log(report);
  }
} else if (command === 'people') {
  for (const [detector, encoder] of await runsToMake(rest)) {
    console.log(await findPeople(await scanned(detector, encoder)));
  }
} else if (command === 'learn') {
  for (const [detector, encoder] of await runsToMake(rest)) {
    console.log(await compareMetrics(await scanned(detector, encoder)));
  }
} else if (command === 'order') {
  const [count, ...which] = rest;
  for (const [detector, encoder] of await runsToMake(which)) {
    const { calibration, faces } = await scanned(detector, encoder);
    const arriving = [...faces.values()].map((face, photo) => ({ ...face, photo }));
    const arrivals = { name: `${detector} + ${encoder}`, calibration: calibration!, faces: arriving };
    console.log(await compareOrders(arrivals, Number(count ?? 50)));
  }
} else if (command === 'album') {
  const isHard = rest[0] === 'hard';
  const words = rest.slice(isHard ? 1 : 0);
  const isCount = /^\d+$/.test(words[0] ?? '');
  const photos = isCount ? { photos: Number(words[0]) } : {};
  const kind = isHard ? 'hard' : 'fair';
  for (const [detector, encoder] of await runsToMake(words.slice(isCount ? 1 : 0))) {
    const report = await withBar(`${detector} + ${encoder}`, (onProgress) =>
      nameAlbum({ detector, encoder }, { out, kind, ...photos, onProgress }),
    );
    console.log(report);
  }
} else if (command === 'stories') {
  const draws = rest.filter((word) => /^\d+$/.test(word)).map(Number);
  const options = { seeds: draws.length > 0 ? draws : [1], out, onAnswer: console.error };
  const runs = await runsToMake(rest.filter((word) => !/^\d+$/.test(word)));
  console.log(HEAD);
  for (const [detector, encoder] of runs) console.log(await tellStories({ detector, encoder }, options));
} else if (command === 'ablate') {
  const answers = rest[0] === 'answers';
  for (const [detector, encoder] of await runsToMake(rest.slice(answers ? 1 : 0))) {
    const onPart = (name: string) => console.error(`${detector} + ${encoder}: ${name}`);
    console.log(`\n${detector} + ${encoder}\n`);
    console.log(await ablate({ detector, encoder }, { out, answers, onPart }));
  }
} else if (command === 'sweep') {
  const [name = '', ...words] = rest;
  const values = words.filter((word) => !word.includes('/') || /^[\d./ ]+$/.test(word));
  for (const [detector, encoder] of await runsToMake(words.filter((word) => !values.includes(word)))) {
    const onValue = (value: string) => console.error(`${detector} + ${encoder}: ${name} = ${value}`);
    console.log(`\n${detector} + ${encoder}\n`);
    console.log(await sweep(name, values, { detector, encoder, out }, onValue));
  }
} else if (command === 'imports') {
  const { root, models } = wordsOfImports(rest);
  const pairs = (await runsToMake(models)).map(([detector, encoder]) => ({ detector, encoder }));
  console.log(await compareImports(pairs, { root, out, withBar }));
} else if (command === 'near') {
  for (const [detector, encoder] of await runsToMake(rest)) {
    console.log(await confuse(await scanned(detector, encoder)));
    const near = (onProgress: (progress: ScanProgress) => void) =>
      confuseNearest(detector, encoder, { out, onProgress });
    console.log(await withBar(`${detector} + ${encoder}`, near));
  }
} else if (command === 'ages') {
  const ways = { fit: fitAndWrite, dates: compareDates };
  const way = rest[0] === 'fit' || rest[0] === 'dates' ? rest[0] : null;
  for (const [detector, encoder] of await runsToMake(rest.slice(way ? 1 : 0))) {
    const report = await withBar(`${detector} + ${encoder}`, (onProgress) =>
      (way ? ways[way] : compareAges)(detector, encoder, { out, onProgress }),
    );
    console.log(report);
  }
} else if (command === 'doubles') {
  for (const [detector, encoder] of await runsToMake(rest)) {
    console.log(await countDoubles(detector, encoder, { out, onProgress: () => {} }));
  }
} else if (command === 'reliability') {
  const isFit = rest[0] === 'fit';
  const report = (what: string) => process.stderr.write(`${what}\n`);
  for (const [detector, encoder] of await runsToMake(rest.slice(isFit ? 1 : 0))) {
    const work = { out, onProgress: () => {}, report };
    console.log(await (isFit ? fitReliability : measureReliability)(detector, encoder, work));
  }
} else if (command === 'cohort') {
  for (const [detector, encoder] of await runsToMake(rest)) {
    console.log(await writeCohort(detector, encoder, { out, onProgress: () => {} }));
  }
} else if (command === 'hidden') {
  for (const [detector, encoder] of await runsToMake(rest))
    console.log(await compareCovers(detector, encoder, out));
} else if (command === 'close-ups' || command === 'detect') {
  const runs = await runsToMake(rest.map((id) => `${id}/dlib`));
  const detectors = [...new Set(runs.map(([detector]) => detector))];
  const report = (what: string) => process.stderr.write(`${what}\n`);
  console.log(
    command === 'detect' ? await countDetections(detectors, out, report) : await countCloseUps(detectors),
  );
} else if (command === 'sizes') {
  const encoders = new Set((await runsToMake(rest)).map(([, encoder]) => encoder));
  for (const encoder of encoders) {
    console.log(await compareSizes(encoder, (what) => process.stderr.write(`${what}\n`)));
  }
} else if (command === 'crops') {
  console.log(await compareCrops());
} else {
  const results: Result[] = [];
  for (const [detector, encoder] of await runsToMake(process.argv.slice(2))) {
    results.push(judged(await scanned(detector, encoder)));
  }
  writeFileSync(join(out, 'lfw.md'), `${table(results)}\n`);
  writeFileSync(join(out, 'lfw.json'), `${JSON.stringify(results, null, 2)}\n`);
  console.log(table(results));
}
