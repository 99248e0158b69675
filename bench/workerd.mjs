// One worker by raw `workerd serve`, without a development proxy in front, in a process and a folder of its own: so its processor time and memory are
// the operating system's own count, and are nobody else's.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Failure, freePort, launch, untilAnswers } from "../tools/process.mjs";
import { at } from "../tools/project.mjs";

// Linux counts the processor time of a process in hundredths of a second, on every machine.
const TICKS_PER_SECOND = 100;

const CONFIG = "config.capnp";

// What npm installs under the name workerd is a script of Node around this program.
function program() {
  const platform = `${process.platform}-${process.arch.replace("x64", "64")}`;
  return createRequire(at("node_modules", "workerd", "package.json")).resolve(`@cloudflare/workerd-${platform}/bin/workerd`);
}

class Embedded {
  constructor(path) {
    this.path = path;
  }
}

// Cap'n Proto's text form.
function written(value) {
  if (value instanceof Embedded) return `embed ${JSON.stringify(value.path)}`;
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  if (typeof value === "object") return `(${Object.entries(value).map(([name, part]) => `${name} = ${written(part)}`).join(", ")})`;
  return JSON.stringify(value);
}

function moduleOf(path) {
  const name = basename(path);
  return { name, [name.endsWith(".wasm") ? "wasm" : "esModule"]: new Embedded(name) };
}

function serviceOf(name, { modules, compatibility, bindings = [], objects = {}, outbound }) {
  const namespaces = Object.values(objects).map(({ className }) => ({ className, uniqueKey: className, enableSql: true }));
  const worker = {
    modules: modules.map(moduleOf),
    ...compatibility,
    bindings: [...bindings, ...Object.entries(objects).map(([binding, { className }]) => ({ name: binding, durableObjectNamespace: className }))],
    ...(namespaces.length && { durableObjectNamespaces: namespaces, durableObjectStorage: { localDisk: "disk" } }),
    ...(outbound && { globalOutbound: outbound }),
  };
  return { name, worker };
}

// A folder with the modules, a place for the objects and the configuration of both.
function prepared(workers, externals, port) {
  const folder = mkdtempSync(join(tmpdir(), "toran-bench-"));
  const objects = join(folder, "objects");
  mkdirSync(objects);
  for (const path of Object.values(workers).flatMap(({ modules }) => modules)) copyFileSync(path, join(folder, basename(path)));
  const services = [
    ...Object.entries(workers).map(([name, worker]) => serviceOf(name, worker)),
    ...Object.entries(externals).map(([name, address]) => ({ name, external: { address, http: {} } })),
    { name: "disk", disk: { path: objects, writable: true } },
  ];
  const config = { services, sockets: [{ name: "http", address: `127.0.0.1:${port}`, http: {}, service: "main" }] };
  writeFileSync(join(folder, CONFIG), `using Workerd = import "/workerd/workerd.capnp";\nconst config :Workerd.Config = ${written(config)};\n`);
  return folder;
}

async function ready(url, runtime, lines) {
  try {
    await untilAnswers(url, runtime, 90, () => true);
  } catch (error) {
    await runtime.stop();
    throw new Failure(`${error.message}\n${lines.slice(-20).join("\n")}`);
  }
}

/**
 * Serves the worker `main` of `workers` (name -> `{ modules, compatibility, bindings, objects, outbound }`; the modules are files, the entry first). What it
 * fetches under any name goes to the service `outbound`: another worker, or one of `externals` (name -> address).
 * Answers `{ url, cpu(), peak(), stop() }`: the processor time of the process in seconds, its peak of memory in bytes.
 */
export async function serve(workers, externals) {
  const port = await freePort();
  const folder = prepared(workers, externals, port);
  const discard = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", discard);
  const lines = [];
  // Its log goes nowhere, for reading it would take time from the work. Objects on disk are still an experiment of workerd.
  const command = ["-c", 'exec "$0" "$@" >/dev/null', program(), "serve", "--experimental", join(folder, CONFIG)];
  const runtime = launch("sh", command, { onLine: (line) => lines.push(line) });
  const url = `http://127.0.0.1:${port}`;
  await ready(url, runtime, lines);
  const stop = async () => {
    await runtime.stop();
    process.removeListener("exit", discard);
    discard();
  };
  return { url, cpu: () => cpuOf(runtime.pid), peak: () => peakOf(runtime.pid), stop };
}

// Of all its threads, also those that have ended. The second field, the program's name, may hold blanks and stands in brackets.
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  const [user, system] = [11, 12].map((index) => Number(fields[index]));
  return (user + system) / TICKS_PER_SECOND;
}

const peakOf = (pid) => Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/^VmHWM:\s+(\d+) kB$/m)[1]) * 1024;
