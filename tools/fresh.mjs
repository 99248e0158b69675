// `npm run fresh`: README's two commands as a newcomer runs them, on a clone of HEAD with empty caches of npm and cargo, so that what only a warm cache has
// cannot hide. What is not committed is not in it. `npm run fresh -- --ci` runs .ci/run there instead, twice. It prints how long each took.
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Failure, freePort, launch, main, step, untilAnswers } from "./process.mjs";
import { ROOT } from "./project.mjs";

// Longer than either takes on a slow machine, in seconds.
const LIMIT = 5400;

// Keeps the machine's cargo programs and configuration (such as a mirror), but not its downloads.
function emptyCaches(box) {
  const home = process.env.CARGO_HOME || join(homedir(), ".cargo");
  const cargo = join(box, "cargo");
  for (const name of ["bin", "config", "config.toml"]) {
    if (existsSync(join(home, name))) cpSync(join(home, name), join(cargo, name), { recursive: true, verbatimSymlinks: true });
  }
  // Neither what npm tells its scripts, which names this checkout, nor a target folder or settings of ours.
  const ours = /^npm_|^INIT_CWD$|^CARGO_TARGET_DIR$|^TORAN_/;
  const inherited = Object.fromEntries(Object.keys(process.env).filter((name) => ours.test(name)).map((name) => [name, undefined]));
  const path = [join(cargo, "bin"), ...process.env.PATH.split(delimiter).filter((folder) => !folder.includes("node_modules"))].join(delimiter);
  return { ...inherited, CARGO_HOME: cargo, PATH: path, npm_config_cache: join(box, "npm") };
}

// Each is run with empty caches, and again.
const CACHES = ["cold", "warm"];

const print = (text) => process.stdout.write(`${text}\n`);

async function timed(title, work) {
  const begun = Date.now();
  await work();
  print(`${title}: ${Math.round((Date.now() - begun) / 1000)} s`);
}

// `npm start` until it answers.
async function started(cwd, env) {
  const [port, sandbox] = [await freePort(), await freePort()];
  const ports = { TORAN_PORT: String(port), TORAN_SANDBOX_PORT: String(sandbox) };
  const program = launch("npm", ["start"], { cwd, env: { ...env, ...ports }, nested: true, onLine: print });
  await untilAnswers(`http://127.0.0.1:${port}/healthz`, program, LIMIT);
  return program;
}

await main(async () => {
  const box = mkdtempSync(join(tmpdir(), "toran-fresh-"));
  process.on("exit", () => rmSync(box, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const cwd = join(box, "toran");
  const env = emptyCaches(box);
  const run = (command, ...args) => step([command, ...args].join(" "), command, args, { cwd, env, nested: true, show: true, limit: LIMIT });
  const unknown = process.argv.slice(2).find((word) => word !== "--ci");
  if (unknown) throw new Failure(`Unknown word ${unknown}; there is --ci`);
  await step("clone", "git", ["clone", "--quiet", ROOT, cwd]);
  if (process.argv.includes("--ci")) {
    for (const caches of CACHES) await timed(`bash .ci/run, ${caches}`, () => run("bash", ".ci/run"));
    return;
  }
  for (const caches of CACHES) {
    let program;
    await timed(`npm start, ${caches}: ready`, async () => (program = await started(cwd, env)));
    await program.stop();
  }
  await timed("npm test, after npm start", () => run("npm", "test"));
});
