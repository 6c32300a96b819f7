/** Every model that Kith knows, as data. Nothing in here reads a file: see store.ts and make.ts. */

import type { Calibration } from '../electron/contract/calibration.ts';
import { type EncoderId, NetworkId, networksOf } from '../electron/contract/ids.ts';
import { faceApi, rgbSquare } from './catalog-parts.ts';
import { type CompositeModel, composites, encoders } from './known-encoders.ts';
import type { CascadeModel, ClassifierModel, DetectorModel, LandmarksModel } from './model.ts';

export type * from './model.ts';

export type ModelId = keyof typeof catalog;

const openCv = {
  kind: 'npm',
  package: 'opencv4nodejs@5.6.0',
  integrity:
    'sha512-JvcT1hb2JUCdntcVABgD9Gprr+gkXBe+jhHKvrr0Ug51y087K4ybm0vHBQVzI2ei1aJxEc9tNknPL9rpyx5Xuw==',
} as const;

const cascade = (
  title: string,
  file: string,
  path: string,
  sha256: string,
  bytes: number,
  window: CascadeModel['window'],
): CascadeModel => ({
  task: 'cascade',
  title,
  version: 'OpenCV 3.4',
  file,
  sha256,
  bytes,
  licence: 'Intel License Agreement for OpenCV (BSD-3-Clause)',
  source: { ...openCv, files: [{ path: `lib/haarcascades/${path}`, sha256 }] },
  bundled: true,
  window,
});

const ssd: DetectorModel = {
  task: 'detector',
  title: 'SSD MobileNet v1 face detector',
  version: 'face-api 1.7.15',
  file: 'ssd.onnx',
  sha256: '6b9164a8ddb1f9074b3bf51cc7f736a09c1624a4c908bd552aea65d19a1ac611',
  bytes: 22_063_216,
  licence: 'MIT',
  source: {
    ...faceApi,
    files: [
      {
        path: 'model/ssd_mobilenetv1_model-weights_manifest.json',
        sha256: '888f744dffbc84f5f060d1f8427d9742341943a2dfaaf9205d10029b7e7a2955',
      },
      {
        path: 'model/ssd_mobilenetv1_model.bin',
        sha256: '2835640602d53718aa6ae9a42896327eaa21beefed056c218d32ca7d79e1e2f8',
      },
    ],
  },
  bundled: true,
  input: { ...rgbSquare(512), side: null },
  outputs: { boxes: ['N', 'B', 4], scores: ['N', 'B'] },
};

const tinyFace: ClassifierModel = {
  task: 'classifier',
  title: 'Tiny face detector',
  version: 'face-api 1.7.15',
  file: 'tiny-face.onnx',
  sha256: 'bc8fcabe22459ec2cf866fbe048a50fa64f1435fbdbd6b900e63e668ed5e0e44',
  bytes: 777_703,
  licence: 'MIT',
  source: {
    ...faceApi,
    files: [
      {
        path: 'model/tiny_face_detector_model-weights_manifest.json',
        sha256: '5d1af4849ac48d5b985f4a9b16010c512353ddd6fcc63d50fd0bc9e9e64296e5',
      },
      {
        path: 'model/tiny_face_detector_model.bin',
        sha256: 'b7503ce7df31039b1c43316a9b865cab6a70dd748cc602d3fa28b551503c3871',
      },
    ],
  },
  bundled: true,
  input: { ...rgbSquare(96), side: null },
  outputs: { cells: ['N', 'rows', 'columns', 25] },
};

const landmarks: LandmarksModel = {
  task: 'landmarks',
  title: '68 face landmarks',
  version: 'face-api 1.7.15',
  file: 'landmarks-68.onnx',
  sha256: '8338cdd0688f2d23d9e5a84be1c12c46e40fd5f2fb2f04830237a1f645225acc',
  bytes: 1_436_902,
  licence: 'MIT',
  source: {
    ...faceApi,
    files: [
      {
        path: 'model/face_landmark_68_model-weights_manifest.json',
        sha256: 'ca4886639f86e99b39fed0c155f81b63317225773bd9616716e887b0153389c9',
      },
      {
        path: 'model/face_landmark_68_model.bin',
        sha256: '4611ef65c87d836d03d684b30eec4d195d8b219fa1dd58fc58945831c6b9299b',
      },
    ],
  },
  bundled: true,
  input: rgbSquare(112),
  outputs: { landmarks: ['N', 68, 2] },
  points: 68,
};

/** YuNet gives three scales at once: strides of 8, 16 and 32 pixels, one row for each cell. */
const yunet: DetectorModel = {
  task: 'detector',
  title: 'YuNet face detector with five landmarks',
  version: 'yunet_n, commit 0047ac24 of libfacedetection.train',
  file: 'yunet.onnx',
  sha256: '104ee26c71d5c270ce79a6b3dced91c91013260d29a6bf18f9296c5b8c4c2b12',
  bytes: 322906,
  licence: 'Apache-2.0',
  source: {
    kind: 'web',
    address: 'https://github.com/ShiqiYu/libfacedetection.train/raw/0047ac24/onnx/yunet_n_dynamic.onnx',
  },
  bundled: false,
  input: { name: 'input', side: null, layout: 'nchw', type: 'float32', colour: 'bgr', range: 'pixels' },
  outputs: Object.fromEntries(
    [8, 16, 32].flatMap((stride) => [
      [`cls_${stride}`, ['N', 'cells', 1]],
      [`obj_${stride}`, ['N', 'cells', 1]],
      [`bbox_${stride}`, ['N', 'cells', 4]],
      [`kps_${stride}`, ['N', 'cells', 10]],
    ]),
  ),
};

export const catalog = {
  ssd,
  'tiny-face': tinyFace,
  'landmarks-68': landmarks,
  ...encoders,
  'haar-frontal-default': cascade(
    'Haar cascade, frontal faces',
    'haar-frontal-default.xml',
    'haarcascade_frontalface_default.xml',
    'a71c83e9d0ffd53a00fdb3f1fd91905149d8d001e1076eabc32f2edb945f8ef3',
    963441,
    { width: 24, height: 24 },
  ),
  'haar-frontal-alt2': cascade(
    'Haar cascade, frontal faces, tree-based',
    'haar-frontal-alt2.xml',
    'haarcascade_frontalface_alt2.xml',
    '8412276ecd96fe1c12486b302c9ca747ec873398bba1a6c406848e76051841a6',
    561335,
    { width: 20, height: 20 },
  ),
  'haar-profile': cascade(
    'Haar cascade, faces from the side',
    'haar-profile.xml',
    'haarcascade_profileface.xml',
    '008fe5ce2664c691c1cce73697588d5dcf9f744d3d3f63ddc9de9573cbb72943',
    858204,
    { width: 20, height: 20 },
  ),
  yunet,
};

export const modelIds = Object.keys(catalog) as ModelId[];
export const bundledIds = modelIds.filter((id) => catalog[id].bundled);

/** The composite encoders that the catalog knows. */
export const compositeIds = Object.keys(composites) as (keyof typeof composites)[];

/** The encoders that may be named: of one network, and the composite ones that the catalog knows. */
export const encoderIds: readonly EncoderId[] = [...NetworkId.options, ...compositeIds];

/** What an encoder of one network or of two is called. */
export function titleOf(id: EncoderId): string {
  return (
    knownComposite(id)?.title ??
    networksOf(id)
      .map((network) => catalog[network].title)
      .join(' and ')
  );
}

/** What the catalog's weights mean by their distances; null where nobody has measured it. */
export function catalogCalibration(id: EncoderId): Calibration | null {
  const network = NetworkId.safeParse(id).data;
  const model = network === undefined ? knownComposite(id) : catalog[network];
  return model !== undefined && 'calibration' in model ? (model.calibration ?? null) : null;
}

function knownComposite(id: EncoderId): CompositeModel | undefined {
  return (composites as Partial<Record<EncoderId, CompositeModel>>)[id];
}

/** Short names of models, as users type them. */
const shortNames: ReadonlyMap<string, ModelId> = new Map([
  ['facenet', 'facenet-512'],
  ['arcface', 'arcface-512'],
  ['sface', 'sface-128'],
  ['auraface', 'auraface-512'],
]);

/** The model of an id or a short name, in any case of letters; null when there is none. */
export function modelNamed(name: string): ModelId | null {
  const id = name.toLowerCase();
  return modelIds.find((known) => known === id) ?? shortNames.get(id) ?? null;
}
