// electron/vision/port.ts
function pickPort() {
	const { parentPort } = process;
	return parentPort ? electronPort(parentPort) : nodePort();
}
function electronPort(parent) {
	return {
		send: (reply) => parent.postMessage(reply),
		listen: (onRequest) => parent.on("message", ({ data }) => onRequest(data))
	};
}
function nodePort() {
	return {
		send: (reply) => process.send?.(reply),
		listen(onRequest) {
			process.on("message", onRequest);
			process.on("disconnect", () => process.exit());
		}
	};
}
export { pickPort };
