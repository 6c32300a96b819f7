import { fileURLToPath } from "node:url";
// electron/shell/vision.ts
/** Vision processes as utility processes of Electron. To be started once Electron is ready. */
function utilityProcesses(fork, entry) {
	return () => {
		const child = fork(fileURLToPath(entry), [], {
			serviceName: "Kith vision",
			stdio: [
				"ignore",
				"ignore",
				"pipe"
			],
			env: {
				MALLOC_ARENA_MAX: "2",
				...process.env
			}
		});
		let complaint = "";
		child.stderr?.on("data", (bytes) => {
			complaint = (complaint + bytes.toString()).slice(-2e3);
		});
		return {
			send: (request) => child.postMessage(request),
			onReply: (listener) => void child.on("message", listener),
			onExit: (listener) => void child.once("exit", (code) => listener(`exit status ${code}${complaint && `: ${complaint.trim()}`}`)),
			kill: () => void child.kill()
		};
	};
}
export { utilityProcesses };
