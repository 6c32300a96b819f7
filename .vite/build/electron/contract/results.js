import { DetectorId, EncoderId, FaceId, GroupId } from "./ids.js";
import { PersonCard } from "./people.js";
import { UnreadableCode } from "./vision.js";
import { z } from "zod";
// electron/contract/results.ts
/** `[x, y, width, height]` in pixels of the upright photo at full size, to a hundredth; may reach outside it. */
var PixelRect = z.tuple([
	z.number(),
	z.number(),
	z.number(),
	z.number()
]);
/** One face of a folder. A photo that lies in several files has the same faces, with the same ids, in each. */
var GroupedFace = z.object({
	id: FaceId,
	box: PixelRect,
	score: z.number(),
	quality: z.number(),
	/** Null: nobody in the library is taken for the same person. */
	group: GroupId.nullable()
});
var FolderPhoto = z.object({
	/** Relative to the folder, `/` between its parts. */
	path: z.string(),
	/** Pixels of the upright photo; null where it could not be read. */
	width: z.number().int().nullable(),
	height: z.number().int().nullable(),
	status: z.enum(["done", "unreadable"]),
	/** Present where status is `unreadable`; `detail` names the file and what was found. */
	reason: UnreadableCode.optional(),
	detail: z.string().optional(),
	faces: z.array(GroupedFace)
});
/** A subfolder or link that the walk could not enter. */
var PassedOver = z.object({
	path: z.string(),
	reason: z.enum([
		"no-permission",
		"vanished",
		"unreadable"
	])
});
/** What `kith group` gives: every photo of one folder, and the groups that its faces are in. */
var FolderGroups = z.object({
	photos: z.array(FolderPhoto),
	/** Largest first. `size`: different faces of this folder, not of the whole library. */
	groups: z.array(z.object({
		id: GroupId,
		size: z.number().int().positive()
	})),
	detector: DetectorId,
	encoder: EncoderId,
	seconds: z.number(),
	/** Left out where there are none. */
	passedOver: z.array(PassedOver).optional()
});
/** One face of a folder, and whose it is. */
var TaggedFace = GroupedFace.extend({
	person: z.string().nullable(),
	/** `example`: a person said so; `sure`: Kith does, and expects to be wrong once in a thousand; `ask`: it may be. */
	status: z.enum([
		"example",
		"sure",
		"ask",
		"none"
	]),
	/** That the face is that person's, 0..1; null for `none`. */
	probability: z.number().nullable()
});
FolderGroups.extend({
	photos: z.array(FolderPhoto.extend({ faces: z.array(TaggedFace) })),
	people: z.array(PersonCard)
});
z.object({
	/** Path of the photo that was asked about. */
	example: z.string(),
	faces: z.array(TaggedFace.extend({ path: z.string() }))
});
/** How far a scan is. */
var ScanProgress = z.object({
	/** Files settled so far, the unchanged ones among them, and files in all. */
	done: z.number().int().nonnegative(),
	total: z.number().int().nonnegative(),
	/** Files settled per second in this scan, unchanged ones not counted; 0 before the first. */
	rate: z.number().nonnegative(),
	/** Seconds left at that rate; null before the first. */
	remaining: z.number().nonnegative().nullable(),
	/** The file settled last, relative to the folder (absolute where all folders are gone over); null at the start. */
	path: z.string().nullable(),
	/** Faces found so far in this scan. */
	faces: z.number().int().nonnegative()
});
z.object({
	path: z.string(),
	width: z.number().int(),
	height: z.number().int(),
	detector: DetectorId,
	faces: z.array(z.object({
		box: PixelRect,
		score: z.number(),
		quality: z.number()
	}))
});
z.object({
	/** Euclidean distance between the two L2-normalised embeddings, 0..2. */
	distance: z.number(),
	/** Distance below which two faces of these qualities are taken for one person. */
	threshold: z.number(),
	/** That both are one person, at even odds beforehand, 0..1. */
	probability: z.number(),
	same: z.boolean(),
	detector: DetectorId,
	encoder: EncoderId
});
z.object({
	pairs: z.number().int(),
	folds: z.number().int(),
	/** Mean and standard deviation over the folds, each judged at the threshold that serves the others best. */
	accuracy: z.number(),
	std: z.number(),
	/** Share of genuine pairs accepted where that share of impostors is. */
	tarAtFar: z.object({
		"0.001": z.number(),
		"0.01": z.number()
	}),
	auc: z.number(),
	/** Pairs with a picture on which no face was found; they count as "different". */
	noFace: z.number().int(),
	detector: DetectorId,
	encoder: EncoderId
});
export { FolderGroups, FolderPhoto, GroupedFace, PassedOver, PixelRect, ScanProgress, TaggedFace };
