import { expect, test } from 'vitest';
import type { FaceId } from '../../electron/contract/ids.ts';
import { madeAnalysis } from '../fixtures/analysis.ts';
import { makePlace, withLibrary } from './support/place.ts';

test('Each face has its own vector, to the bit, in a table of more faces than are read at once.', async () => {
  const place = makePlace();
  await withLibrary(place.file, async (library) => {
    const seen = new Map<FaceId, Float32Array>();
    const folder = library.files.folder('/made');
    for (let photo = 0; photo < 120; photo++) {
      const analysis = madeAnalysis(photo, 5);
      // Bytes that would end a text.
      analysis.faces[0]!.embedding.fill(0, photo % 100, photo % 128);
      const [file] = library.files.reconcile(
        folder,
        [{ path: `${photo}.jpg`, size: analysis.bytes, mtimeNs: 1n }],
        [''],
        'ssd',
      );
      const id = library.photos.record(analysis, { detector: 'ssd', encoder: 'dlib' });
      library.files.link(file!.id, id);
      library.faces.ofPhoto(id).forEach((face, at) => {
        seen.set(face.id, analysis.faces[at]!.embedding);
      });
      // Another encoder's vectors lie between them.
      const { faces, ...backlog } = library.backlog.photo(id, folder);
      const longer = faces.map(() => new Float32Array(512).fill(photo));
      library.backlog.record({ faces, ...backlog }, longer, 'facenet-512', 'photo');
    }
    const table = library.embeddings.all('dlib');
    expect(table.size).toBe(128);
    expect(table.faceIds).toHaveLength(600);
    table.faceIds.forEach((id, row) => {
      expect(table.vectors.subarray(row * 128, (row + 1) * 128)).toEqual(seen.get(id));
    });
    expect(library.embeddings.all('facenet-512').size).toBe(512);
    expect(library.embeddings.all('sface-128')).toMatchObject({ size: 0, faceIds: [] });
  });
  place.remove();
});
