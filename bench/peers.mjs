// The packages that the bench compares with: pinned in bench/peers, installed into ignored folders there, and only by the bench. Where npm, pip or
// Python is missing, or a registry out of reach, the bench says so and goes on without them.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { once, step } from "../tools/process.mjs";
import { at } from "../tools/project.mjs";

const FOLDER = at("bench", "peers");
const MODULES = join(FOLDER, "node_modules");
const PYTHON = join(FOLDER, "python");

/** One file in bench/peers for each; `browser`: it can be bundled for one. */
export const PEERS = [
  { name: "validator", browser: true },
  { name: "format-utils", browser: true },
  { name: "zod", browser: true },
  { name: "libphonenumber-js", browser: true },
  { name: "ifsc", browser: false },
].map((peer) => ({ ...peer, file: join(FOLDER, `${peer.name}.mjs`) }));

// Installs into `folder` unless it was already made from the same `list`.
async function installed(title, folder, list, command, args) {
  const stamp = join(folder, ".toran-stamp");
  const digest = createHash("sha256").update(readFileSync(join(FOLDER, list))).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return true;
  const { code } = await step(title, command, args, { cwd: FOLDER, check: false });
  if (code === 0) writeFileSync(stamp, digest);
  else process.stdout.write(`  ${title}: not installed (${command} ended with ${code}); their rows are left out\n`);
  return code === 0;
}

let python;

/** Installs the packages of npm that the bench compares with; whether they are there. */
export const npmPeers = once(() => installed("npm peers", MODULES, "package-lock.json", "npm", ["ci", "--loglevel=error"]));

/** The peers that are there, each with its `checks` by kind, its `requests` and its `first` verdict. */
export async function peers() {
  if (!(await npmPeers())) return [];
  return Promise.all(PEERS.map(async (peer) => ({ ...peer, ...(await import(pathToFileURL(peer.file))) })));
}

/** The labelled pairs that indic-namematch publishes, in its source distribution alone; none if it cannot be had. */
export async function indicPairs() {
  const folder = join(FOLDER, "python-source");
  const pip = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-binary", ":all:", "--dest", folder, "-r", "indic.txt"];
  mkdirSync(folder, { recursive: true });
  if (!(await installed("indic-namematch's pairs", folder, "indic.txt", "python3", pip))) return [];
  const archive = readdirSync(folder).find((name) => name.endsWith(".tar.gz"));
  const { status, stdout, stderr } = spawnSync("python3", [join(FOLDER, "indic_pairs.py"), join(folder, archive)], { encoding: "utf8" });
  if (status === 0) return JSON.parse(stdout);
  process.stdout.write(`  indic-namematch's pairs: ended with ${status}; their rows are left out\n${stderr}\n`);
  return [];
}

/** What the matchers of names in Python answer to `pairs`, or, `timed`, how many they do in a second; none if they cannot be had. */
export async function pythonMatchers(pairs, { timed }) {
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade", "--target", PYTHON, "-r", "requirements.txt"];
  python ??= installed("Python peers", PYTHON, "requirements.txt", "python3", install);
  if (!(await python)) return [];
  const options = { env: { ...process.env, PYTHONPATH: PYTHON }, input: JSON.stringify(pairs.map(({ a, b }) => [a, b])), encoding: "utf8" };
  const { status, stdout, stderr } = spawnSync("python3", [join(FOLDER, "names.py"), ...(timed ? ["--timed"] : [])], options);
  if (status === 0) return JSON.parse(stdout);
  process.stdout.write(`  Python peers: ended with ${status}; their rows are left out\n${stderr}\n`);
  return [];
}
