import { UnitBox, UnitPoint } from "./geometry.js";
import { DetectorId, EncoderId } from "./ids.js";
import { z } from "zod";
// electron/contract/vision.ts
/** Why a file could not be read as a photo. Sentences for people live with the shells. */
var UnreadableCode = z.enum([
	"empty-file",
	"not-an-image",
	"truncated",
	"unsupported-format",
	"too-large",
	"no-permission",
	"vanished",
	"crashed",
	"timed-out"
]);
/** What a vision process is told once, before its first job. */
var VisionSetup = z.object({
	detector: DetectorId,
	encoder: EncoderId,
	/** Folders in which models are looked up; see models/store.ts. */
	models: z.array(z.string()),
	/** Longest side of the decoded photo in pixels. */
	maxSide: z.number().int().positive()
});
/** One face as vision gives it: nothing here is an id yet. */
var FoundFace = z.object({
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
	/** PNG of the aligned face, pixel for pixel what the encoder was given; only where it was asked for. */
	chip: z.instanceof(Uint8Array).optional()
});
/** All that one photo gives. */
var Analysis = z.object({
	/** SHA-256 of the file's bytes, hex: the photo's identity. */
	hash: z.string().length(64),
	bytes: z.number().int().nonnegative(),
	/** Pixels of the upright photo at full size. */
	width: z.number().int().positive(),
	height: z.number().int().positive(),
	/** Local time from the camera, `YYYY-MM-DDTHH:MM:SS`, when the file says so. */
	takenAt: z.string().nullable(),
	faces: z.array(FoundFace)
});
/** A face that is in the record, as it is found again on its photo, and who found it. */
var KnownFace = FoundFace.pick({
	box: true,
	landmarks: true
}).extend({ detector: DetectorId });
/** The same face with its crop, for when the photo is gone. */
var KnownCrop = KnownFace.extend({ crop: FoundFace.shape.crop });
/** Shell → vision process. */
var VisionRequest = z.discriminatedUnion("kind", [
	z.object({
		kind: z.literal("setup"),
		id: z.number().int(),
		setup: VisionSetup
	}),
	z.object({
		kind: z.literal("analyse"),
		id: z.number().int(),
		path: z.string(),
		/** Whether each face shall bring its chip along. */
		chips: z.boolean().optional()
	}),
	z.object({
		kind: z.literal("hash"),
		id: z.number().int(),
		path: z.string()
	}),
	z.object({
		kind: z.literal("embed"),
		id: z.number().int(),
		path: z.string(),
		/** The photo that the faces are on. A file that holds another one meanwhile is `vanished`. */
		hash: z.string(),
		faces: z.array(KnownFace)
	}),
	z.object({
		kind: z.literal("embed-crops"),
		id: z.number().int(),
		/** Names the photo in messages; it is not opened. */
		path: z.string(),
		/** Pixels of the upright photo at full size. */
		width: z.number().int().positive(),
		height: z.number().int().positive(),
		faces: z.array(KnownCrop)
	}),
	z.object({
		kind: z.literal("draw"),
		id: z.number().int(),
		path: z.string(),
		hash: z.string(),
		box: UnitBox
	}),
	z.object({
		kind: z.literal("show"),
		id: z.number().int(),
		path: z.string(),
		/** Longest side in pixels; never enlarged. */
		side: z.number().int().positive(),
		/** What is wanted of the upright photo, which it may reach beyond; all of it when left out. */
		region: UnitBox.optional()
	})
]);
/** Memory of a vision process in bytes: what it holds, and the most that it ever held. */
var ProcessMemory = z.object({
	rss: z.number(),
	peak: z.number()
});
var reply = {
	id: z.number().int(),
	memory: ProcessMemory
};
/** Vision process → shell. */
var VisionReply = z.discriminatedUnion("kind", [
	z.object({
		...reply,
		kind: z.literal("ready")
	}),
	z.object({
		...reply,
		kind: z.literal("analysis"),
		analysis: Analysis
	}),
	z.object({
		...reply,
		kind: z.literal("hash"),
		hash: z.string(),
		bytes: z.number().int()
	}),
	z.object({
		...reply,
		kind: z.literal("embeddings"),
		embeddings: z.array(z.instanceof(Float32Array))
	}),
	z.object({
		...reply,
		kind: z.literal("face"),
		face: FoundFace
	}),
	z.object({
		...reply,
		kind: z.literal("picture"),
		jpeg: z.instanceof(Uint8Array)
	}),
	z.object({
		...reply,
		kind: z.literal("unreadable"),
		code: UnreadableCode,
		detail: z.string()
	}),
	z.object({
		...reply,
		kind: z.literal("broken"),
		code: z.enum([
			"model-missing",
			"model-damaged",
			"vision-broken"
		]),
		detail: z.string()
	})
]);
export { Analysis, FoundFace, KnownCrop, KnownFace, ProcessMemory, UnreadableCode, VisionReply, VisionRequest, VisionSetup };
