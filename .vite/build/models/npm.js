import { KithError } from "../electron/contract/errors.js";
import { sha256 } from "./hash.js";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { checkData } from "ssri";
import { extract } from "tar";
// models/npm.ts
var projectDir = fileURLToPath(new URL("..", import.meta.url));
/** npm's own retries can take minutes; nobody should wait longer than this for two megabytes. */
var patienceMs = 12e4;
/** The files, if the package is installed beside Kith and each of them has its hash; else null. */
async function readInstalled(source, files) {
	const [name] = nameAndVersion(source.package);
	try {
		return await readVerified(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), files);
	} catch {
		return null;
	}
}
/**
* The files out of the package's tarball. It is fetched with `npm pack`, so that the user's registry, proxy
* and certificates hold; checked against the pinned integrity; never installed, none of its scripts run.
*
* @throws KithError `model-missing` when npm cannot fetch it, `model-damaged` when it is another tarball
*/
async function readPacked(source, files) {
	const folder = await mkdtemp(join(tmpdir(), "kith-models-"));
	try {
		await npmPack(source.package, folder);
		const archive = (await readdir(folder)).find((file) => file.endsWith(".tgz"));
		if (!archive) throw new KithError("model-missing", `npm fetched nothing for ${source.package}`);
		const path = join(folder, archive);
		if (!checkData(await readFile(path), source.integrity)) throw new KithError("model-damaged", `The tarball of ${source.package} does not have the integrity ${source.integrity}`);
		const wanted = new Set(files.map((file) => `package/${file.path}`));
		await extract({
			file: path,
			cwd: folder,
			strict: true,
			filter: (entry) => wanted.has(entry)
		});
		return await readVerified(join(folder, "package"), files);
	} finally {
		await rm(folder, {
			recursive: true,
			force: true
		});
	}
}
async function readVerified(root, files) {
	const contents = /* @__PURE__ */ new Map();
	for (const file of files) {
		const data = await readFile(join(root, file.path));
		const found = sha256(data);
		if (found !== file.sha256) throw new KithError("model-damaged", `Expected SHA-256 ${file.sha256} for ${file.path} but found ${found}`);
		contents.set(file.path, data);
	}
	return contents;
}
/** "@scope/name@1.2.3" → ["@scope/name", "1.2.3"] */
function nameAndVersion(spec) {
	const at = spec.lastIndexOf("@");
	return [spec.slice(0, at), spec.slice(at + 1)];
}
async function npmPack(spec, folder) {
	const failure = await runNpm([
		"pack",
		spec,
		"--ignore-scripts",
		"--loglevel=error",
		"--prefer-offline"
	], folder);
	if (failure === null) return;
	throw new KithError("model-missing", `npm could not fetch ${spec} (${failure}); check the network and npm's configuration, then run "npm run models"`);
}
/** Runs the npm that started us, else the one on PATH. Gives what went wrong in one line, or null. */
function runNpm(args, folder) {
	const own = process.env.npm_execpath;
	const byFile = own && basename(own) === "npm-cli.js";
	const [command, before] = byFile ? [process.execPath, [own]] : ["npm", []];
	return new Promise((resolve) => {
		const child = spawn(command, [...before, ...args], {
			cwd: projectDir,
			env: {
				...process.env,
				npm_config_pack_destination: folder,
				npm_config_json: "false",
				npm_config_dry_run: "false"
			},
			shell: !byFile && process.platform === "win32",
			stdio: [
				"ignore",
				"ignore",
				"pipe"
			],
			timeout: patienceMs
		});
		let said = "";
		child.stderr.on("data", (chunk) => {
			said += chunk;
		});
		child.on("error", (error) => resolve(error.message));
		child.on("close", (code) => resolve(code === 0 ? null : firstLine(said) || `npm ended with ${code ?? "no answer"}`));
	});
}
function firstLine(said) {
	return said.split("\n").map((line) => line.replace(/^npm (error|ERR!)\s*/, "").trim()).find((line) => line && !/^(code|errno|syscall) /.test(line)) ?? "";
}
export { readInstalled, readPacked };
