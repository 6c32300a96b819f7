import { z } from "zod";
// electron/contract/ids.ts
/** A photo: one content, however many files hold it. */
var PhotoId = z.number().int().positive().brand();
/** One face on one photo. */
var FaceId = z.number().int().positive().brand();
/** Faces that Kith takes for one person. */
var GroupId = z.number().int().positive().brand();
/** Face detectors; the same words on the command line, in the record and in the catalog. */
var DetectorId = z.enum([
	"haar",
	"ssd",
	"yunet"
]);
/** Face encoders. Vectors of two encoders are never compared. */
var EncoderId = z.enum([
	"dlib",
	"facenet-512",
	"facenet-128"
]);
/** A person whom somebody named. */
var PersonId = z.number().int().positive().brand();
/** One entry of the journal. */
var EntryId = z.number().int().positive().brand();
/** A folder that was scanned. */
var FolderId = z.number().int().positive().brand();
export { DetectorId, EncoderId, EntryId, FaceId, FolderId, GroupId, PersonId, PhotoId };
