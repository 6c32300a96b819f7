import { fork } from "node:child_process";
// electron/vision/vision-process.ts
/** Vision processes as forks of this Node. Their standard output is nobody's; complaints are kept for `how`. */
function forkOf(entry) {
	return () => {
		const child = fork(entry, [], {
			serialization: "advanced",
			stdio: [
				"ignore",
				"ignore",
				"pipe",
				"ipc"
			],
			execArgv: [],
			env: {
				MALLOC_ARENA_MAX: "2",
				...process.env
			}
		});
		let complaint = "";
		child.stderr?.setEncoding("utf8").on("data", (text) => {
			complaint = (complaint + text).slice(-2e3);
		});
		return {
			send: (request) => void child.send(request, () => {}),
			onReply: (listener) => void child.on("message", listener),
			onExit(listener) {
				let told = false;
				const tell = (how) => {
					if (!told) listener(how);
					told = true;
				};
				child.on("error", (error) => tell(error.message));
				child.on("close", (code, signal) => {
					tell(`${signal ?? `exit status ${code}`}${complaint && `: ${complaint.trim()}`}`);
				});
			},
			kill: () => void child.kill("SIGKILL")
		};
	};
}
export { forkOf };
