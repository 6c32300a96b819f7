import { DetectorId, EncoderId, FaceId, FolderId, PhotoId } from "./ids.js";
import { FaceCard } from "./people.js";
import { ScanProgress } from "./results.js";
import { UnreadableCode } from "./vision.js";
import { z } from "zod";
// electron/contract/screens.ts
/** What single screens show. Nothing here is a path but where a person chose or must find one. */
var Overview = z.object({
	folders: z.number().int(),
	photos: z.number().int(),
	faces: z.number().int(),
	people: z.number().int(),
	/** Groups that nobody has named or hidden. */
	groups: z.number().int(),
	/** Faces without a name that are not ignored. */
	unnamed: z.number().int(),
	/** Faces that Kith would ask about. */
	questions: z.number().int(),
	unreadable: z.number().int(),
	detector: DetectorId,
	encoder: EncoderId,
	/** Whether a FaceNet is installed. */
	facenet: z.boolean(),
	/** Where the record lies. */
	file: z.string(),
	/** What the shell can do of itself. */
	shell: z.enum(["electron", "browser"])
});
var FolderCard = z.object({
	id: FolderId,
	path: z.string(),
	name: z.string(),
	photos: z.number().int(),
	unreadable: z.number().int()
});
var PhotoCard = z.object({
	id: PhotoId,
	/** Local time from the camera, `YYYY-MM-DDTHH:MM:SS`. */
	takenAt: z.string().nullable(),
	width: z.number().int(),
	height: z.number().int(),
	faces: z.number().int(),
	/** Name of the first file that holds it. */
	name: z.string()
});
var PhotoDetail = PhotoCard.omit({ faces: true }).extend({
	bytes: z.number().int(),
	/** Every file that holds it. */
	files: z.array(z.string()),
	several: z.boolean(),
	faces: z.array(FaceCard),
	/** Neighbours by date, for next and previous. */
	previous: PhotoId.nullable(),
	next: PhotoId.nullable()
});
var UnreadableFile = z.object({
	name: z.string(),
	folder: z.string(),
	reason: UnreadableCode,
	detail: z.string()
});
var ScanState = z.object({
	path: z.string(),
	phase: z.enum([
		"scanning",
		"embedding",
		"grouping",
		"matching",
		"paused",
		"done",
		"cancelled",
		"failed"
	]),
	progress: ScanProgress,
	/** Where phase is `failed`. */
	failure: z.object({
		code: z.string(),
		detail: z.string()
	}).nullable()
});
/** What grouping anew would do. */
var RegroupPlan = z.object({
	/** Faces that would be in another company than now. */
	moved: z.number().int(),
	merged: z.number().int(),
	split: z.number().int(),
	/** Some of the moves, for people to look at. */
	examples: z.array(FaceId)
});
/** How often faces lie how far apart: shares of all pairs, bin i from i · step. */
var Distribution = z.object({
	step: z.number(),
	genuine: z.array(z.number()),
	impostor: z.array(z.number())
});
/** The Siamese question, with what a person needs to judge the answer. */
var Comparing = z.object({
	a: FaceCard,
	b: FaceCard,
	/** Euclidean distance between the two L2-normalised embeddings, 0..2. */
	distance: z.number(),
	threshold: z.number(),
	/** At even odds beforehand, 0..1. */
	probability: z.number(),
	same: z.boolean(),
	encoder: EncoderId,
	/** How this encoder's distances are spread; null where nothing was measured. */
	distribution: Distribution.nullable()
});
var ModelCard = z.object({
	id: z.string(),
	task: z.enum([
		"detector",
		"landmarks",
		"encoder",
		"cascade"
	]),
	title: z.string(),
	bytes: z.number().int(),
	licence: z.string(),
	state: z.enum([
		"installed",
		"missing",
		"damaged"
	]),
	bundled: z.boolean(),
	/** Whether `models.get` can fetch it, and from where. */
	address: z.string().nullable(),
	inUse: z.boolean(),
	/** One line of what was measured; null where nothing was. */
	accuracy: z.string().nullable()
});
var Settings = z.object({
	/** Least share of right names among those that Kith gives by itself, 0..1. */
	sure: z.number().min(.9).max(.9999),
	/** Least probability from which Kith asks, 0..1. */
	ask: z.number().min(.01).max(.9),
	theme: z.enum([
		"system",
		"light",
		"dark"
	]),
	/** A language tag; `system` follows the machine. */
	language: z.string()
});
export { Comparing, FolderCard, ModelCard, Overview, PhotoCard, PhotoDetail, RegroupPlan, ScanState, Settings, UnreadableFile };
