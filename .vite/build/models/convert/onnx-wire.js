import protobuf from "protobufjs";
// models/convert/onnx-wire.ts
/**
* Takes a message apart without knowing its schema, so that what Kith does not know is kept as it is.
*
* @throws RangeError when it is cut short, Error when it is no protocol buffer
*/
function readFields(message) {
	const reader = protobuf.Reader.create(message);
	const fields = [];
	while (reader.pos < reader.len) {
		const start = reader.pos;
		const tag = reader.uint32();
		const number = tag >>> 3;
		if (number === 0) throw new Error("Expected a field of a protocol buffer but received number 0");
		let payload = null;
		if ((tag & 7) === 2) payload = reader.bytes();
		else reader.skipType(tag & 7);
		fields.push({
			number,
			raw: message.subarray(start, reader.pos),
			payload
		});
	}
	return fields;
}
/** The same message with some of its strings or messages replaced; `null` keeps a field as it is. */
function replaceFields(message, replace) {
	return joinFields(readFields(message).map(({ number, raw, payload }) => {
		const other = payload && replace(number, payload);
		return other ? field(number, other) : raw;
	}));
}
/** A string or a message as a field. */
function field(number, payload) {
	return protobuf.Writer.create().uint32(number << 3 | 2).bytes(payload).finish();
}
function joinFields(raws) {
	const bytes = new Uint8Array(raws.reduce((sum, raw) => sum + raw.length, 0));
	let at = 0;
	for (const raw of raws) {
		bytes.set(raw, at);
		at += raw.length;
	}
	return bytes;
}
export { field, joinFields, readFields, replaceFields };
