import type { Calibration } from '../electron/contract/calibration.ts';
import type { CompositeId, NetworkId } from '../electron/contract/ids.ts';
import { faceApi, rgbSquare } from './catalog-parts.ts';
import type { EncoderModel, OwnEncoderModel } from './model.ts';

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
  // npm run eval -- calibrate ssd/dlib; match: npm run eval -- reliability fit ssd/dlib, with a steeper slope above the knee
  // (docs/calibration.md). `link` is half a step stricter than where B-cubed F is highest (5): F is 0.002 lower and the groups are 0.01 more precise, and names that are as precise find
  // 74 instead of 69 % of the faces.
  calibration: {
    ...{ intercept: 31.4, slope: -73.43, qualitySlope: 0, link: 5.5, founder: 0.5 },
    match: {
      ...{ intercept: -86.83, slope: 99.73, knee: { from: 0.93, slope: 160 } },
      // `child`: npm run eval -- ages ssd/dlib; of children's *sure* names 194 are right and 2 wrong, 197 and 4 without.
      ...{ lead: 18.66, inCluster: 1.69, gallery: 0.93, child: 1.5 },
    },
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
  golden: 'facenet-512.json',
  normalise: { kind: 'fixed', mean: 127.5, spread: 128 },
  // npm run eval -- calibrate yunet/facenet-512; match: npm run eval -- reliability fit yunet/facenet-512. `link` is half a
  // step stricter than where B-cubed F is highest (5): on the album (npm run eval -- album) names of groups are then wrong for 7
  // faces instead of 19.
  calibration: {
    ...{ intercept: 26.79, slope: -25.17, qualitySlope: 0, link: 5.5, founder: 0.5 },
    match: {
      ...{ intercept: -3.33, slope: 15.29, knee: { from: 0.654, slope: 27.32 } },
      ...{ lead: 3.66, inCluster: 0.56, gallery: 0.96 },
    },
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

/** Encoders of which users may bring ONNX files of their own. Each file tells what goes in front of its network. */
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
  // -1..1 (InsightFace's arcface_onnx.py), but for those out of MXNet.
  normalise: { kind: 'fixed', mean: 127.5, spread: 127.5 },
  mayNormaliseItself: true,
};

const huggingFace = 'https://huggingface.co';

const sface128: EncoderModel = {
  ...own,
  title: 'SFace, 128 numbers',
  version: 'OpenCV Zoo, December 2021',
  file: 'sface-128.onnx',
  bytes: 38_696_353,
  licence: 'Apache-2.0',
  source: {
    kind: 'web',
    address: `${huggingFace}/opencv/face_recognition_sface/resolve/3d7082438a6e4551e840c9b2bb60b71e8da4b524/face_recognition_sface_2021dec.onnx`,
    published: {
      sha256: '0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79',
      bytes: 38_696_353,
    },
  },
  input: rgbSquare(112),
  outputs: { embedding: ['N', 128] },
  shape: { ...fivePoints, size: 128 },
  // 0..255 as they are, in RGB (OpenCV's FaceRecognizerSF, which swaps its BGR).
  normalise: { kind: 'fixed', mean: 0, spread: 1 },
  inputName: 'data',
};

/** An ArcFace (ResNet-100) of other weights. Only its hash tells its file from one of `arcface-512`. */
const auraface512: EncoderModel = {
  ...arcface512,
  title: 'AuraFace, 512 numbers',
  version: 'v1',
  file: 'auraface-512.onnx',
  bytes: 260_694_151,
  licence: 'Apache-2.0',
  source: {
    kind: 'web',
    address: `${huggingFace}/fal/AuraFace-v1/resolve/af6d057c9b0ec4071d4c49c80e3539258798b609/glintr100.onnx`,
    published: {
      sha256: 'a7933ea5330113b01c9b60351d8f4c33003f145d8470ac5f0e52ee2effe25c60',
      bytes: 260_694_151,
    },
  },
};

const custom: OwnEncoderModel = {
  ...own,
  title: 'An encoder of your own',
  file: 'custom.onnx',
  licence: "its makers'",
  source: { kind: 'own' },
};

/** The encoders of the catalog, in its order. Each has its id in `electron/contract/ids.ts`, or is a type error here. */
export const encoders = {
  dlib,
  'facenet-512': facenet512,
  'facenet-128': facenet128,
  'arcface-512': arcface512,
  'sface-128': sface128,
  'auraface-512': auraface512,
  custom,
} satisfies Record<NetworkId, EncoderModel | OwnEncoderModel>;

/** A composite encoder of the catalog: how its networks are joined is in `cards/<id>.join.json`. */
export interface CompositeModel {
  title: string;
  /** As an encoder's of one network. */
  calibration?: Calibration;
}

export const composites = {
  'facenet-512+dlib': {
    title: 'FaceNet and dlib together',
    // npm run eval -- calibrate yunet/facenet-512+dlib; match: npm run eval -- reliability fit yunet/facenet-512+dlib. At the
    // `link` where B-cubed F on LFW is highest (6; it is 0.002 lower here) the album's groups owe more to the order in which photos
    // come: self-B-cubed F 0.976 instead of 0.988 (npm run eval -- album), and hold fewer of a person's faces.
    calibration: {
      ...{ intercept: 31.71, slope: -29.08, qualitySlope: 0, link: 5.5, founder: 0.5 },
      match: {
        ...{ intercept: -3.64, slope: 17.42, knee: { from: 0.619, slope: 26.93 } },
        ...{ lead: 3.04, inCluster: 0.56, gallery: 0.97 },
      },
    },
  },
} satisfies Partial<Record<CompositeId, CompositeModel>>;
