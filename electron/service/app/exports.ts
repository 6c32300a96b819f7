import { basename, dirname, join } from 'node:path';
import type { Parsed } from '../../contract/api.ts';
import { KithError, UnreadablePhoto } from '../../contract/errors.ts';
import { toPixelBox, type UnitBox } from '../../contract/geometry.ts';
import type { FaceId } from '../../contract/ids.ts';
import type { FaceCard } from '../../contract/people.ts';
import { type CropFace, writeCrops } from '../../export/crops.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handlers.ts';
import type { State } from './state.ts';

/** Faces of one list; more than anybody has. */
const ALL = 1_000_000;

type ToWrite = CropFace & { id: FaceId; card: FaceCard; paths: string[] };

/** Writes crops of people and groups, each from the pixels of its photo, into a folder for each. */
export function exportRequests(engine: Engine, state: State): Pick<Handlers, 'export.crops'> {
  const { library } = state;

  function chosen({ people, groups, all }: Parsed<'export.crops'>): { folder: string; card: FaceCard }[] {
    const { cards } = library();
    const persons = all ? cards.people.people(false, 0, ALL).items.map(({ id }) => id) : people;
    const unnamed = all ? cards.people.groups(false, 0, ALL).items.map(({ id }) => id) : groups;
    return [
      ...persons.flatMap((id) => {
        const { name } = library().people.get(id);
        return (['confirmed', 'sure'] as const).flatMap((status) =>
          cards.faces.ofPerson(id, status, 0, ALL).items.map((card) => ({ folder: name, card })),
        );
      }),
      ...unnamed.flatMap((id) =>
        cards.faces.ofGroup(id, 0, ALL).items.map((card) => ({ folder: `group ${id}`, card })),
      ),
    ];
  }

  return {
    'export.crops': async (params) => {
      const faces = chosen(params).map(({ folder, card }): ToWrite => {
        const photo = library().cards.photos.get(card.photo);
        const { x, y, width, height } = toPixelBox(card.box, photo);
        const name = basename(photo.files[0] ?? photo.hash);
        return {
          id: card.id,
          photo: params.names ? `${folder} - ${name}` : name,
          box: [x, y, width, height],
          score: 1,
          quality: card.quality,
          group: card.group,
          folder,
          card,
          paths: photo.files,
        };
      });
      if (faces.length === 0)
        throw new KithError('bad-request', 'Expected somebody to export but received nobody');
      const first = library().cards.photos.folders().at(-1)?.path;
      const folder = params.folder ?? join(dirname(first ?? library().file), 'Kith faces');
      const failed: string[] = [];
      const start = performance.now();
      let done = 0;
      const files = await writeCrops(folder, faces, (batch) =>
        Promise.all(
          batch.map(async (face) => {
            const jpeg = await cropOf(face, params);
            done += 1;
            const rate = done / Math.max(0.001, (performance.now() - start) / 1000);
            engine.tell({ kind: 'work', work: 'export', what: folder, done, total: faces.length, rate });
            return jpeg;
          }),
        ),
      );
      return { folder, files, failed };

      /** From the photo's own pixels; where the photo is gone, the small crop of the record. */
      async function cropOf({ id, card, paths, photo }: ToWrite, { size, padding }: typeof params) {
        for (const path of paths) {
          try {
            const region = padded(card, padding);
            return (await engine.pool().show({ path, side: size, region })).jpeg;
          } catch (error) {
            if (!(error instanceof UnreadablePhoto)) throw error;
          }
        }
        failed.push(photo);
        return library().faces.crops([id])[0]?.jpeg ?? new Uint8Array();
      }
    },
  };

  /** A square, in the photo's pixels, around the box and some surroundings. */
  function padded({ box, photo }: FaceCard, padding: number): UnitBox {
    const sides = library().cards.photos.get(photo);
    const { x, y, width, height } = toPixelBox(box, sides);
    const length = Math.max(width, height) * (1 + 2 * padding);
    return {
      x: (x + width / 2 - length / 2) / sides.width,
      y: (y + height / 2 - length / 2) / sides.height,
      width: length / sides.width,
      height: length / sides.height,
    } as UnitBox;
  }
}
