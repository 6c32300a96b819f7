import { z } from 'zod';
import { CropLook } from './crops.ts';
import { UnitBox, UnitPoint } from './geometry.ts';
import { DetectorId, EncoderKey } from './ids.ts';

/** Why a file could not be read as a photo. Sentences for people live with the shells. */
export const UnreadableCode = z.enum([
  'empty-file',
  'not-an-image',
  'truncated',
  'unsupported-format',
  'too-large',
  'no-permission',
  'vanished',
  'crashed',
  'timed-out',
]);
export type UnreadableCode = z.infer<typeof UnreadableCode>;

/** What computes networks: execution providers of ONNX Runtime. */
export const ProviderId = z.enum(['cpu', 'cuda', 'dml', 'coreml', 'webgpu']);
export type ProviderId = z.infer<typeof ProviderId>;

/** `auto`: the first of those that this system may have, as long as its results are the CPU's. */
export const ProviderChoice = z.enum(['auto', ...ProviderId.options]);
export type ProviderChoice = z.infer<typeof ProviderChoice>;

/** Why a provider is not used, or not any more. */
export const ProviderRefusal = z.object({
  provider: ProviderChoice,
  /**
   * `not-there`: it can't be opened; `differs`: its results are not the CPU's; `slower`: it is slower than the CPU, and was not
   * chosen by name; `lost`: the process ended with it, or did not answer.
   */
  why: z.enum(['not-there', 'differs', 'slower', 'fails', 'lost']),
  /** What ONNX Runtime said, or the cosine with the CPU's results. */
  detail: z.string(),
});
export type ProviderRefusal = z.infer<typeof ProviderRefusal>;

/** What a vision process is told once, before its first job. */
export const VisionSetup = z.object({
  detector: DetectorId,
  encoder: EncoderKey,
  /** Folders in which models are looked up; see models/store.ts. */
  models: z.array(z.string()),
  /** Longest side of the decoded photo in pixels. */
  maxSide: z.number().int().positive(),
  /** The CPU when left out. */
  provider: ProviderChoice.optional(),
});
export type VisionSetup = z.infer<typeof VisionSetup>;

/** A face's picture that was drawn around its crop, since that alone shows it badly. */
export const Portrait = z.object({
  /** SHA-256 (hex) of what it was drawn from. */
  edition: z.string().length(64),
  jpeg: z.instanceof(Uint8Array),
});
export type Portrait = z.infer<typeof Portrait>;

/** One face as vision gives it: nothing here is an id yet. */
export const FoundFace = z.object({
  box: UnitBox,
  /** Right eye, left eye, nose tip, right and left mouth corner (as seen in the person; YuNet's order). */
  landmarks: z.array(UnitPoint).length(5).nullable(),
  /** Detector's confidence, 0..1. */
  score: z.number().min(0).max(1),
  /** How far the face can be trusted to stand for its person, 0..1. */
  quality: z.number().min(0).max(1),
  /** L2-normalised, length = encoder's size; two of them compare by dot product. */
  embedding: z.instanceof(Float32Array),
  /** Square JPEG of the face with some surroundings, for people to look at. */
  crop: z.instanceof(Uint8Array),
  /** Left out where the crop shows the face in its middle and alone, and where none was drawn yet. */
  portrait: Portrait.optional(),
  /** PNG of the aligned face, pixel for pixel what the encoder was given; only where it was asked for. */
  chip: z.instanceof(Uint8Array).optional(),
});
export type FoundFace = z.infer<typeof FoundFace>;

/** What a picture looks like from afar: 64 bits, in hexadecimal digits. */
export const Dhash = z.string().regex(/^[0-9a-f]{16}$/);
export type Dhash = z.infer<typeof Dhash>;

/** All that one photo gives. */
export const Analysis = z.object({
  /** SHA-256 of the file's bytes, hex: the photo's identity. */
  hash: z.string().length(64),
  bytes: z.number().int().nonnegative(),
  /** Pixels of the upright photo at full size. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Local time from the camera, `YYYY-MM-DDTHH:MM:SS`, when the file says so. */
  takenAt: z.string().nullable(),
  /** Make and model of the camera, null where the file names none; left out where nobody looked. */
  camera: z.string().nullable().optional(),
  /** Small JPEG of the upright photo, for people to look at; longest side `THUMBNAIL_SIDE`, never enlarged. */
  thumbnail: z.instanceof(Uint8Array),
  /** What the thumbnail looks like; left out for a photo without a face. */
  dhash: Dhash.optional(),
  faces: z.array(FoundFace),
});
export type Analysis = z.infer<typeof Analysis>;

/** How a photo was taken, as far as its file says. */
export const Shot = z.object({
  /** Make and model, such as `FUJIFILM X-T5`. */
  camera: z.string().nullable(),
  lens: z.string().nullable(),
  /** The f-number: focal length by opening. */
  aperture: z.number().nullable(),
  /** Seconds. */
  exposure: z.number().nullable(),
  iso: z.number().nullable(),
  /** Millimetres, not converted to another size of sensor. */
  focalLength: z.number().nullable(),
});
export type Shot = z.infer<typeof Shot>;

/** A picture for people to look at. */
export const Shown = z.object({
  jpeg: z.instanceof(Uint8Array),
  /** SHA-256 (hex) of the file that it was made from, which may hold another photo than it did. */
  hash: z.string().length(64),
});
export type Shown = z.infer<typeof Shown>;

/** A face cut out of its photo, as a file. */
export const CutFace = z.object({
  bytes: z.instanceof(Uint8Array),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
export type CutFace = z.infer<typeof CutFace>;

/** A face that is in the record, as it is found again on its photo, and who found it. */
export const KnownFace = FoundFace.pick({ box: true, landmarks: true }).extend({ detector: DetectorId });
export type KnownFace = z.infer<typeof KnownFace>;

/** The same face with its crop, for when the photo is gone. */
export const KnownCrop = KnownFace.extend({ crop: FoundFace.shape.crop });
export type KnownCrop = z.infer<typeof KnownCrop>;

/** Shell → vision process. */
export const VisionRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('setup'), id: z.number().int(), setup: VisionSetup }),
  z.object({
    kind: z.literal('analyse'),
    id: z.number().int(),
    path: z.string(),
    /** Whether each face shall bring its chip along. */
    chips: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('hash'), id: z.number().int(), path: z.string() }),
  /** New embeddings of faces that were found before; nothing is detected. */
  z.object({
    kind: z.literal('embed'),
    id: z.number().int(),
    path: z.string(),
    /** The photo that the faces are on. A file that holds another one meanwhile is `vanished`. */
    hash: z.string(),
    faces: z.array(KnownFace),
  }),
  /** The same out of the faces' crops. */
  z.object({
    kind: z.literal('embed-crops'),
    id: z.number().int(),
    /** Names the photo in messages; it is not opened. */
    path: z.string(),
    /** Pixels of the upright photo at full size. */
    width: z.number().int().positive(),
    height: z.number().int().positive(),
    faces: z.array(KnownCrop),
  }),
  /** A face where somebody drew a box; nothing is detected. */
  z.object({
    kind: z.literal('draw'),
    id: z.number().int(),
    path: z.string(),
    hash: z.string(),
    box: UnitBox,
  }),
  z.object({ kind: z.literal('shot'), id: z.number().int(), path: z.string() }),
  /** What small pictures look like from afar; see vision/dhash.ts. No file is opened. */
  z.object({
    kind: z.literal('dhash'),
    id: z.number().int(),
    /** Names them in messages. */
    path: z.string(),
    jpegs: z.array(z.instanceof(Uint8Array)),
  }),
  /** A picture of the photo, or of a part of it, for people to look at. */
  z.object({
    kind: z.literal('show'),
    id: z.number().int(),
    path: z.string(),
    /** Longest side in pixels; never enlarged. */
    side: z.number().int().positive(),
    /** What is wanted of the upright photo, which it may reach beyond; all of it when left out. */
    region: UnitBox.optional(),
  }),
  /** A face cut out of the full-size photo. A file that holds another photo than `hash` says is `vanished`. */
  z.object({
    kind: z.literal('cut'),
    id: z.number().int(),
    path: z.string(),
    hash: z.string(),
    face: KnownFace,
    look: CropLook,
  }),
  /** A copy of the photo on which nobody can be recognised but who is kept; see vision/hide.ts. Nothing else is in it. */
  z.object({
    kind: z.literal('hide'),
    id: z.number().int(),
    path: z.string(),
    hash: z.string(),
    hidden: z.array(UnitBox),
    kept: z.array(UnitBox),
  }),
]);
export type VisionRequest = z.infer<typeof VisionRequest>;

/** Memory of a vision process in bytes: what it holds, and the most that it ever held. */
export const ProcessMemory = z.object({ rss: z.number(), peak: z.number() });
export type ProcessMemory = z.infer<typeof ProcessMemory>;

const reply = {
  id: z.number().int(),
  memory: ProcessMemory,
  /** Providers that were given up since the last reply. */
  refused: z.array(ProviderRefusal).optional(),
};

/** Vision process → shell. */
export const VisionReply = z.discriminatedUnion('kind', [
  z.object({ ...reply, kind: z.literal('ready') }),
  z.object({ ...reply, kind: z.literal('analysis'), analysis: Analysis }),
  z.object({ ...reply, kind: z.literal('hash'), hash: z.string(), bytes: z.number().int() }),
  /** L2-normalised, one for each face that was asked about, in order. */
  z.object({ ...reply, kind: z.literal('embeddings'), embeddings: z.array(z.instanceof(Float32Array)) }),
  z.object({ ...reply, kind: z.literal('face'), face: FoundFace }),
  z.object({ ...reply, kind: z.literal('shot'), shot: Shot }),
  z.object({ ...reply, kind: z.literal('picture'), picture: Shown }),
  z.object({ ...reply, kind: z.literal('cut'), cut: CutFace }),
  /** JPEG; `hidden`: how many faces were made unrecognisable. */
  z.object({
    ...reply,
    kind: z.literal('hidden'),
    jpeg: z.instanceof(Uint8Array),
    hidden: z.number().int(),
  }),
  /** One for each picture, in order; null for one that can't be decoded. */
  z.object({ ...reply, kind: z.literal('dhashes'), dhashes: z.array(Dhash.nullable()) }),
  z.object({ ...reply, kind: z.literal('unreadable'), code: UnreadableCode, detail: z.string() }),
  /** Something is wrong with Kith, not with the photo: a model is missing, say. Ends the scan. */
  z.object({
    ...reply,
    kind: z.literal('broken'),
    code: z.enum(['model-missing', 'model-damaged', 'vision-broken']),
    detail: z.string(),
  }),
]);
export type VisionReply = z.infer<typeof VisionReply>;
