import { UnitBox } from "./geometry.js";
import { EntryId, FaceId, GroupId, PersonId, PhotoId } from "./ids.js";
import { z } from "zod";
// electron/contract/people.ts
/** What is known of a face's person, and who said so. */
var FaceStatus = z.enum([
	"confirmed",
	"sure",
	"ask",
	"none",
	"ignored",
	"not-a-face"
]);
/** One face as every screen shows it. Its picture is `face/<id>`. */
var FaceCard = z.object({
	id: FaceId,
	photo: PhotoId,
	box: UnitBox,
	/** How far the face can be trusted to stand for its person, 0..1. */
	quality: z.number(),
	group: GroupId.nullable(),
	status: FaceStatus,
	/** Present for confirmed, sure and ask. */
	person: z.object({
		id: PersonId,
		name: z.string()
	}).nullable(),
	/** That the face is that person's, 0..1; null where a person said so. */
	probability: z.number().nullable()
});
var PersonCard = z.object({
	id: PersonId,
	name: z.string(),
	/** The face that stands for the person. */
	cover: FaceId.nullable(),
	/** Faces by status. */
	confirmed: z.number().int(),
	sure: z.number().int(),
	ask: z.number().int(),
	/** Day of birth, `YYYY-MM-DD`. */
	birth: z.string().nullable(),
	hidden: z.boolean()
});
/** A person's own page. */
var PersonDetail = PersonCard.extend({
	photos: z.number().int(),
	/** Years of the first and the last dated photo. */
	years: z.tuple([z.number().int(), z.number().int()]).nullable()
});
/** Faces that nobody has named and that Kith takes for one person. */
var GroupCard = z.object({
	id: GroupId,
	size: z.number().int(),
	/** Its best face, and up to four more. */
	cover: FaceId,
	others: z.array(FaceId),
	hidden: z.boolean(),
	/** Whom Kith takes the group for, without being sure. */
	maybe: z.object({
		id: PersonId,
		name: z.string(),
		probability: z.number()
	}).nullable()
});
/** What a name brought with it. One journal entry, taken back as one. */
var Ledger = z.object({
	entry: EntryId,
	person: z.object({
		id: PersonId,
		name: z.string()
	}),
	/** Faces that the person who named pointed at. */
	examples: z.number().int(),
	/** Faces and photos that got the name at once. */
	sure: z.number().int(),
	photos: z.number().int(),
	/** Faces that Kith would ask about. */
	ask: z.number().int(),
	/** Faces of the library that still are nobody's. */
	left: z.number().int()
});
/** What somebody did, as the history shows it. */
var JournalEntry = z.object({
	id: EntryId,
	/** UTC, ISO 8601. */
	at: z.string(),
	/** Word for the action, such as `name`, `merge`, `refuse`; the shells hold a sentence for each. */
	action: z.string(),
	/** Names and counts for that sentence. */
	detail: z.record(z.string(), z.union([
		z.string(),
		z.number(),
		z.null()
	])),
	by: z.enum(["hand", "kith"]),
	state: z.enum(["done", "undone"])
});
/** How much of the library is settled. */
var NamingProgress = z.object({
	/** Faces that are confirmed, sure, ignored or not a face. */
	settled: z.number().int(),
	/** All faces. */
	total: z.number().int()
});
/** One question for the review. */
var Question = z.object({
	/** Names the question; an answer gives it back. */
	id: z.string(),
	person: z.object({
		id: PersonId,
		name: z.string()
	}),
	/** The face that is asked about. */
	face: FaceCard,
	/** Up to two faces that surely are that person's, the most telling first. */
	references: z.array(FaceId),
	/** That the answer is yes, 0..1. */
	probability: z.number(),
	/** Faces that this answer is expected to settle, itself included. */
	settles: z.number()
});
export { FaceCard, FaceStatus, GroupCard, JournalEntry, Ledger, NamingProgress, PersonCard, PersonDetail, Question };
