/** Every model that Kith knows, as data. Nothing in here reads a file: see store.ts and make.ts. */

import type {
  CascadeModel,
  DetectorModel,
  EncoderModel,
  ImageInput,
  LandmarksModel,
  OwnEncoderModel,
} from './model.ts';

export type * from './model.ts';

export type ModelId = keyof typeof catalog;

const faceApi = {
  kind: 'npm',
  package: '@vladmandic/face-api@1.7.15',
  integrity:
    'sha512-WDMmK3CfNLo8jylWqMoQgf4nIst3M0fzx1dnac96wv/dvMTN4DxC/Pq1DGtduDk1lktCamQ3MIDXFnvrdHTXDw==',
} as const;

const openCv = {
  kind: 'npm',
  package: 'opencv4nodejs@5.6.0',
  integrity:
    'sha512-JvcT1hb2JUCdntcVABgD9Gprr+gkXBe+jhHKvrr0Ug51y087K4ybm0vHBQVzI2ei1aJxEc9tNknPL9rpyx5Xuw==',
} as const;

const rgbSquare = (side: number): ImageInput => ({
  name: 'image',
  side,
  layout: 'nhwc',
  type: 'uint8',
  colour: 'rgb',
  range: 'pixels',
});

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

const dlib: EncoderModel = {
  task: 'encoder',
  title: "dlib's face recognition ResNet",
  version: 'dlib_face_recognition_resnet_model_v1, as in face-api 1.7.15',
  file: 'dlib.onnx',
  sha256: 'c01d4fbe5a09e9b366df849c6f91652375cd7631101ab8cd78c81e168eb37af5',
  bytes: 22_442_481,
  licence: 'MIT (face-api); CC0-1.0 (dlib-models)',
  source: {
    ...faceApi,
    files: [
      {
        path: 'model/face_recognition_model-weights_manifest.json',
        sha256: 'cbaffa501b0b9275a12b63357a6843e7e30c054e1c9151e1a5f879b26e32986b',
      },
      {
        path: 'model/face_recognition_model.bin',
        sha256: 'b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589',
      },
    ],
  },
  bundled: true,
  input: rgbSquare(150),
  outputs: { embedding: ['N', 128] },
  shape: { side: 150, size: 128, alignment: { kind: 'dlib-chip', padding: 0.25 }, mirror: true },
  // npm run eval -- calibrate ssd/dlib; match: npm run eval -- people ssd/dlib
  calibration: {
    ...{ intercept: 32.17, slope: -76.12, doubt: 0, link: 5.53, founder: 0.5 },
    match: { intercept: -202.95, slope: 222.27, lead: 64.09, mate: 1.4 },
  },
};

const deepFace = 'https://github.com/serengil/deepface_models/releases/download/v1.0';

/** Both editions of FaceNet: Inception-ResNet v1, fed with a square around the box. */
const facenet = {
  task: 'encoder',
  sha256: null,
  licence: 'research use only (trained on VGGFace2)',
  bundled: false,
  input: rgbSquare(160),
} as const;

// Measured on LFW: turning and wider margins both cost accuracy; see cards/facenet-512.md.
const facenetShape = { side: 160, alignment: { kind: 'box', scale: 1.1 }, mirror: true } as const;

const facenet512: EncoderModel = {
  ...facenet,
  title: 'FaceNet, 512 numbers',
  version: '20180402-114759',
  file: 'facenet-512.onnx',
  bytes: 93_956_480,
  source: { kind: 'web', address: `${deepFace}/facenet512_weights.h5` },
  outputs: { embedding: ['N', 512] },
  shape: { ...facenetShape, size: 512 },
  normalise: { kind: 'fixed', mean: 127.5, spread: 128 },
  // npm run eval -- calibrate yunet/facenet-512; match: npm run eval -- people yunet/facenet-512
  calibration: {
    ...{ intercept: 27.01, slope: -25.33, doubt: 0, link: 5.5, founder: 0.5 },
    match: { intercept: -13.74, slope: 30.88, lead: 5.96, mate: 0.64 },
  },
};

const facenet128: EncoderModel = {
  ...facenet,
  title: 'FaceNet, 128 numbers',
  version: 'as DeepFace publishes it',
  file: 'facenet-128.onnx',
  bytes: 91_202_432,
  licence: 'research use only',
  source: { kind: 'web', address: `${deepFace}/facenet_weights.h5` },
  outputs: { embedding: ['N', 128] },
  shape: { ...facenetShape, size: 128 },
  // The networks of 2017 were trained on whitened pictures.
  normalise: { kind: 'whiten' },
};

/** What people bring as ONNX and Kith has no address of. What goes before the network is asked of each file. */
const own = { task: 'encoder', version: "somebody's own", sha256: null, bytes: 0, bundled: false } as const;

/** ArcFace and its like (InsightFace's models, MagFace, AdaFace): upright after five points. */
const fivePoints = { side: 112, alignment: { kind: 'five-points' }, mirror: false } as const;

const arcface512: EncoderModel = {
  ...own,
  title: 'ArcFace or its like, 512 numbers',
  file: 'arcface-512.onnx',
  licence: "its makers' (InsightFace's models are for research use only)",
  source: { kind: 'own' },
  input: rgbSquare(112),
  outputs: { embedding: ['N', 512] },
  shape: { ...fivePoints, size: 512 },
};

const sface128: EncoderModel = {
  ...own,
  title: 'SFace, 128 numbers',
  file: 'sface-128.onnx',
  licence: "its makers' (OpenCV Zoo's is Apache-2.0)",
  source: { kind: 'own' },
  input: rgbSquare(112),
  outputs: { embedding: ['N', 128] },
  shape: { ...fivePoints, size: 128 },
};

const custom: OwnEncoderModel = {
  ...own,
  title: 'An encoder of your own',
  file: 'custom.onnx',
  licence: "its makers'",
  source: { kind: 'own' },
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
  'landmarks-68': landmarks,
  dlib,
  'facenet-512': facenet512,
  'facenet-128': facenet128,
  'arcface-512': arcface512,
  'sface-128': sface128,
  custom,
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

/** What people call a model for short. */
const shortNames: ReadonlyMap<string, ModelId> = new Map([
  ['facenet', 'facenet-512'],
  ['arcface', 'arcface-512'],
  ['sface', 'sface-128'],
]);

/** The model of an id or a short name, in any case of letters; null when there is none. */
export function modelNamed(name: string): ModelId | null {
  const id = name.toLowerCase();
  return modelIds.find((known) => known === id) ?? shortNames.get(id) ?? null;
}
