// electron/vision/tiff.ts
var short = 3;
var long = 4;
var undefinedBytes = 7;
/**
* Wraps pixels as an uncompressed TIFF (TIFF 6.0; the profile's tag from ICC.1:2010, annex B). sharp takes raw pixels,
* but neither a colour profile nor an orientation for them: this is the shortest way to hand it all three.
* @param rgba interleaved, 8 bits, width × height × 4 bytes, alpha not multiplied in.
*/
function wrapAsTiff(rgba, options) {
	const { width, height, orientation, icc } = options;
	const entries = icc === null ? 11 : 12;
	const bitsAt = 10 + entries * 12 + 4;
	const pixelsAt = bitsAt + 8;
	const iccAt = pixelsAt + rgba.length;
	const tags = [
		[
			256,
			long,
			1,
			width
		],
		[
			257,
			long,
			1,
			height
		],
		[
			258,
			short,
			4,
			bitsAt
		],
		[
			259,
			short,
			1,
			1
		],
		[
			262,
			short,
			1,
			2
		],
		[
			273,
			long,
			1,
			pixelsAt
		],
		[
			274,
			short,
			1,
			orientation
		],
		[
			277,
			short,
			1,
			4
		],
		[
			278,
			long,
			1,
			height
		],
		[
			279,
			long,
			1,
			rgba.length
		],
		[
			338,
			short,
			1,
			2
		]
	];
	if (icc !== null) tags.push([
		34675,
		undefinedBytes,
		icc.length,
		iccAt
	]);
	const tiff = Buffer.alloc(iccAt + (icc?.length ?? 0));
	tiff.write("II*\0", "latin1");
	tiff.writeUInt32LE(8, 4);
	tiff.writeUInt16LE(entries, 8);
	tags.forEach(([tag, type, count, value], index) => {
		const at = 10 + index * 12;
		tiff.writeUInt16LE(tag, at);
		tiff.writeUInt16LE(type, at + 2);
		tiff.writeUInt32LE(count, at + 4);
		tiff.writeUInt32LE(value, at + 8);
	});
	for (let sample = 0; sample < 4; sample++) tiff.writeUInt16LE(8, bitsAt + sample * 2);
	tiff.set(rgba, pixelsAt);
	if (icc !== null) tiff.set(icc, iccAt);
	return tiff;
}
export { wrapAsTiff };
