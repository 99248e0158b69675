// The tree held to its own rules (CONTRIBUTING.md). Reads files only: no build, no dependency, any supported Node.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const MAX_FILE = 400;
const MAX_FUNCTION = 60;
const VAGUE = new Set(["util", "utils", "common", "helper", "helpers", "misc", "types", "manager", "managers"]);
const VENDOR_NAMES = ["README.md", "auth.rs", "fixtures", "keys", "mod.rs", "outcomes", "sim", "wire"];

const read = (path) => readFileSync(join(ROOT, path), "utf8");
const present = (path) => existsSync(join(ROOT, path));
const ignored = read(".gitignore").split("\n").filter((line) => line.startsWith("/")).map((line) => line.slice(1));

function walk(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = relative(ROOT, join(ROOT, folder, entry.name)).split(sep).join("/");
    if (entry.name === ".git" || ignored.includes(path)) return [];
    return entry.isDirectory() ? walk(path) : [path];
  });
}

const files = walk(".");
const rust = files.filter((path) => path.endsWith(".rs"));
const shipped = rust.filter((path) => /^(src|crates\/[^/]+\/src)\//.test(path));
const text = files.filter((path) => /\.(rs|mjs|js|ts|json|toml|md|html|css|yml|txt)$|(^|\/)run$/.test(path) && basename(path) !== "package-lock.json");

// The lines before the unit tests: what ships. A file `tests.rs` or in a folder `tests` is none of it.
const shippedLines = (path) => (/\/tests(\/|\.rs$)/.test(path) ? [] : read(path).split(/^#\[cfg\(test\)\]\nmod tests \{/m)[0].split("\n"));
const none = (faults, rule) => assert.deepEqual(faults, [], rule);

test("every Rust module says what it is", () => {
  none(shipped.filter((path) => !read(path).startsWith("//!")), "a source file starts with `//!`");
});

test("no Rust file is over 400 lines without its tests", () => {
  const long = shipped.map((path) => [path, shippedLines(path).length - 1]).filter(([, lines]) => lines > MAX_FILE);
  none(long, "split it by what it is about");
});

// rustfmt's shape: the body ends at the first `}` with the indentation of `fn`. A declaration without a body ends with `;`.
function functionLengths(lines) {
  return lines.flatMap((line, start) => {
    const [, indent, name] = line.match(/^(\s*)(?:pub(?:\([^)]*\))? )?(?:const |async |unsafe |extern "[^"]*" )*fn (\w+)/) ?? [];
    if (name === undefined || /[;}]$/.test(line)) return [];
    const length = lines.slice(start + 1).findIndex((later) => later === `${indent}}` || (later.startsWith(`${indent})`) && later.endsWith(";")));
    return length < 0 ? [] : [[name, length + 2]];
  });
}

test("no function is over 60 lines", () => {
  const long = shipped.flatMap((path) => functionLengths(shippedLines(path)).filter(([, lines]) => lines > MAX_FUNCTION).map((fault) => [path, ...fault]));
  none(long, "aim for ten");
});

test("the function counter counts", () => {
  const body = Array.from({ length: 70 }, () => "        x();");
  assert.deepEqual(functionLengths(["    pub async fn long(", "    ) -> u8 {", ...body, "    }"]), [["long", 73]]);
  assert.deepEqual(functionLengths(["fn declared(", ") -> u8;", ...body, "}"]), [["declared", 2]]);
});

test("a vendor folder holds exactly the agreed names", () => {
  const home = "crates/core/src/vendors";
  const folders = present(home) ? readdirSync(join(ROOT, home), { withFileTypes: true }).filter((entry) => entry.isDirectory()) : [];
  for (const { name } of folders) {
    // A vendor that calls back has one more.
    const entries = readdirSync(join(ROOT, home, name)).filter((entry) => entry !== "callback.rs");
    const names = entries.map((entry) => (["keys.rs", "outcomes.rs", "wire.rs", "sim.rs"].includes(entry) ? entry.slice(0, -3) : entry));
    assert.deepEqual(names.sort(), VENDOR_NAMES, `${home}/${name}`);
  }
});

// The core's top-level modules, lowest first: each uses only those before it. A vendor's keys belong to the catalogue (crates/core/src/keys/mod.rs).
const LAYERS = [
  "pieces", "route", "script", "secret", "json", "banks", "time", "http", "seal", "place", "machine", "count", "address", "mask", "session", "ids", "ifsc", "keys", "names", "problem",
  "limits", "velocity", "proof", "budget", "consent", "reply", "body", "account", "operations", "prices", "journal", "endpoint", "access", "vendors", "module", "check", "reconciliation", "settings", "readiness",
];

const CORE = "crates/core/src/";
const inCore = shipped.filter((path) => path.startsWith(CORE) && path !== `${CORE}lib.rs`);
const code = (path) => shippedLines(path).map((line) => line.replace(/\/\/.*/, "")).join("\n");

function layer(path) {
  const name = path.slice(CORE.length);
  return /^vendors\/[^/]+\/keys/.test(name) ? "keys" : name.split(/[/.]/)[0];
}

/** The modules that a file names below a crate: `crate::name` and `crate::{name::Item, other}`. */
function modulesUsed(path, crate = "crate") {
  const named = [...code(path).matchAll(new RegExp(`\\b${crate}::(?:(\\w+)|\\{([^;]*)\\};)`, "g"))];
  return named.flatMap(([, one, many]) => (one ? [one] : many.replace(/\{[^{}]*\}/g, "").split(",").map((name) => name.trim().split("::")[0])));
}

test("the core's modules are layers: none uses a later one", () => {
  assert.deepEqual(inCore.map(layer).filter((name) => !LAYERS.includes(name)), [], "name it in LAYERS");
  const later = (path) => modulesUsed(path).filter((name) => LAYERS.indexOf(name) > LAYERS.indexOf(layer(path)));
  none(inCore.flatMap((path) => later(path).map((name) => `${path} uses ${name}`)), "move what both need into the lower one");
});

// The core's modules that ship to browsers in the npm package. Beside them it takes one function of `operations`, the check of a request.
const BROWSER = ["banks", "ids", "ifsc", "json", "mask", "names", "pieces", "script", "secret", "time"];

test("what ships to browsers uses nothing else of the core, and formats no text", () => {
  const named = shipped.filter((path) => /^crates\/(web|names)\/src\//.test(path)).flatMap((path) => modulesUsed(path, "toran_core"));
  assert.deepEqual(named.filter((name) => !BROWSER.includes(name) && name !== "operations"), [], "name it in BROWSER");
  const ships = inCore.filter((path) => BROWSER.includes(layer(path)));
  none(ships.flatMap((path) => modulesUsed(path).filter((name) => !BROWSER.includes(name)).map((name) => `${path} uses ${name}`)), "keep it out of the browser");
  // The reader of JSON text is the edge's: a browser hands in values.
  const formats = ships.filter((path) => path !== `${CORE}json/mod.rs` && /\b(format|write|writeln|format_args)!|\bfmt::|\.to_string\(\)/.test(code(path)));
  none(formats, "`core::fmt` is large: put texts together by hand (decision 0008)");
});

// What a key is in the tables of a vendor's simulation and of the identifiers is theirs to say; `failure_reason` is a field of Decentro's.
test("no response key is written out beside the tables of keys", () => {
  const isTable = (path) => /(^|\/)keys(\.rs|\/)|\/ids\/|\/sim(\.rs|\/)/.test(path);
  const faults = shipped.filter((path) => /^(src|crates\/core\/src)\//.test(path) && !isTable(path)).flatMap((path) => {
    const code = shippedLines(path).filter((line) => !/^\s*\/\//.test(line)).join("\n");
    return [...code.matchAll(/"((?:error|success|failure|pending)_[a-z0-9_]+)"/g)].map(([, key]) => key).filter((key) => key !== "failure_reason").map((key) => `${path}: ${key}`);
  });
  none(faults, "name it in crates/core/src/keys/names.rs");
});

test("the package's types name every operation", () => {
  const types = read("crates/web/js/toran.d.ts").match(/export type Operation =([^;]*);/)[1];
  const named = [...types.matchAll(/"([^"]+)"/g)].map(([, name]) => name).sort();
  const known = files.filter((path) => path.startsWith("tests/vectors/operations/")).map((path) => JSON.parse(read(path)).operation);
  assert.deepEqual(named, known.sort());
});

test("no file has a vague name", () => {
  none(files.filter((path) => path.split("/").some((part) => VAGUE.has(part.split(".")[0].toLowerCase()))), "name it after what it is about");
});

test("every route file has a black-box test of its name", () => {
  const routes = shipped.filter((path) => /^src\/routes\/.+\.rs$/.test(path) && !["mod.rs", "table.rs"].includes(basename(path)));
  none(routes.filter((path) => !present(`tests/edge/${basename(path, ".rs")}.test.mjs`)), "add tests/edge/NAME.test.mjs");
});

// Backticked words that look like a path of this tree: no blank, no placeholder, no route, no media type.
function pathsIn(markdown) {
  const words = [...markdown.replace(/^```[^]*?^```/gm, "").matchAll(/`([^`\s]+)`/g)].map(([, word]) => word);
  return words.filter((word) => /^[\w.-]+(\/[\w.-]*)+$|^[\w-]+\.(md|toml|json)$/.test(word) && !/^(application|text|image)\//.test(word));
}

test("the paths that the documents name exist", () => {
  const documents = ["README.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md"];
  const made = (path) => ignored.some((name) => path === name || path.startsWith(`${name}/`) || `${name}/` === path);
  // `toran/names` is what an importer writes.
  const entries = Object.keys(JSON.parse(read("crates/web/package.json")).exports).map((name) => name.replace(".", "toran"));
  const missing = documents.flatMap((document) =>
    pathsIn(read(document)).filter((path) => !made(path) && !present(path) && !entries.includes(path)).map((path) => `${document}: ${path}`),
  );
  none(missing, "a renamed file is renamed in the documents too");
});

test("no file names a path of somebody's machine", () => {
  const machine = new RegExp(["home", "root", "work", "Users", "tmp"].map((name) => `(?<![\\w.:*-])/${name}/\\w`).join("|"));
  none(text.filter((path) => machine.test(read(path))), "paths are relative to the project");
});

// An alert is a line of the level `alert`; a check's are named by constants of the core, a module's where they are logged.
function alerts() {
  const said = [...text.filter((path) => /^src\/.*\.(rs|js)$/.test(path)).map(read), ""].join("\n");
  const named = [...said.matchAll(/"?level"?: "alert",\s*"?event"?: "([a-z_]+)"/g), ...read("src/register/module.rs").matchAll(/self\.log\("([a-z_]+)"/g)].map(([, name]) => name);
  const check = text.filter((path) => /^crates\/core\/src\/check\/[a-z_]+\.rs$/.test(path)).map(read).join("\n");
  const constants = new Set([...check.matchAll(/self\.alert\((\w+),/g)].map(([, name]) => name));
  const ofCheck = [...constants].map((name) => check.match(new RegExp(`const ${name}: &str = "([a-z_]+)"`))?.[1]);
  return [...new Set([...named, ...ofCheck])].sort();
}

test("every alert has an entry in the runbook, as an alert", () => {
  const rows = read("docs/RUNBOOK.md").split("\n").filter((line) => /^\| `[^|]*\| alert \|/.test(line));
  const entries = rows.flatMap((line) => [...line.split("|")[1].matchAll(/`([a-z_]+)`/g)].map(([, name]) => name)).sort();
  assert.ok(alerts().length >= 12, alerts().join());
  assert.deepEqual(alerts(), entries);
});

test("an alert about a check says its id", () => {
  const lines = text.filter((path) => /^src\/.*\.rs$/.test(path)).flatMap((path) => [...read(path).matchAll(/json!\(\{\s*"level": "alert",[^]*?\}\)/g)].map(([line]) => [path, line]));
  const about = lines.filter(([path]) => /register\/check|journal|platform/.test(path)).filter(([, line]) => !line.includes('"panic"'));
  assert.ok(about.length >= 3);
  none(about.filter(([, line]) => !line.includes('"check":')), "by its public id");
});

test("every lint exception has a reason", () => {
  const bare = rust.flatMap((path) => [...read(path).matchAll(/#!?\[(?:expect|allow)\(([^]*?)\)\]/g)].filter(([, body]) => !/reason\s*=/.test(body)).map(([all]) => `${path}: ${all}`));
  none(bare, "reason = \"...\"");
});

test("nothing is left to be written", () => {
  none(rust.filter((path) => /\b(todo|unimplemented)!/.test(read(path))), "finish it or leave it out");
});

test("the contract lists every route", () => {
  const shape = (path) => path.replace(/\{[^}]*\}|:\w+/g, "{}");
  const tables = read("src/routes/table.rs") + read("crates/core/src/operations/table.rs");
  const routes = [...tables.matchAll(/"(\/[^"\s]*)"/g)].map(([, path]) => path);
  assert.notEqual(routes.length, 0, "the tables name their routes");
  const contract = shape(read("docs/CONTRACT.md"));
  none(routes.filter((path) => !contract.includes(shape(path))), "docs/CONTRACT.md");
});

test("npm installs nothing that a lock does not hash, and runs nobody's script", () => {
  const locks = files.filter((path) => basename(path) === "package-lock.json");
  assert.ok(locks.length >= 3, `${locks}`);
  for (const lock of locks) {
    const { packages } = JSON.parse(read(lock));
    none(Object.entries(packages).filter(([place, { integrity }]) => place !== "" && !integrity).map(([place]) => `${lock}: ${place}`), "integrity");
    assert.match(read(join(dirname(lock), ".npmrc")), /^ignore-scripts=true$/m, `${dirname(lock)}/.npmrc`);
  }
});

test("git takes no file of local settings but the example", () => {
  const names = [".dev.vars", ".dev.vars.production", ".dev.vars.staging", ".env", ".env.local", ".env.production.local", "crates/web/.env", "www/.dev.vars"];
  const { stdout } = spawnSync("git", ["check-ignore", "--no-index", ...names, ".dev.vars.example"], { cwd: ROOT, encoding: "utf8" });
  assert.deepEqual(stdout.trim().split("\n"), names);
});

test("the example of local settings names every setting", () => {
  const [, vars] = read("wrangler.toml").match(/^\[vars\]\n([^]*?)^\[/m);
  const [, secrets] = read("wrangler.toml").match(/^required = \[([^\]]*)\]/m);
  const names = [...vars.matchAll(/^(\w+) =/gm), ...secrets.matchAll(/"(\w+)"/g)].map(([, name]) => name).filter((name) => name !== "ENVIRONMENT");
  assert.notEqual(names.length, 0);
  none(names.filter((name) => !new RegExp(`^#${name}=`, "m").test(read(".dev.vars.example"))), ".dev.vars.example");
});

test("the response to a limited request tells the limit that the platform applies", () => {
  const toml = read("wrangler.toml");
  const limits = [...toml.matchAll(/^name = "TOOLS_LIMIT"\n.*\nsimple = \{ limit = (\d+), period = 60 \}$/gm)].map(([, limit]) => limit);
  assert.deepEqual([...toml.matchAll(/^TOOLS_PER_MINUTE = "(\d+)"$/gm)].map(([, told]) => told), limits);
  assert.equal(limits.length, 2);
});

test("production calls the addresses of the documents, by https", () => {
  const [, production] = read("wrangler.toml").match(/^\[env\.production\.vars\]\n([^]*?)^\[/m);
  const addresses = Object.fromEntries([...production.matchAll(/^(\w+_URL) = "(.*)"$/gm)].map(([, name, url]) => [name, url]));
  const { DECENTRO_V3_URL, DECENTRO_V2_URL } = addresses;
  assert.deepEqual([DECENTRO_V3_URL, DECENTRO_V2_URL], ["https://api.decentro.tech", "https://in.decentro.tech"], "documents 001 and 003");
  none(Object.values(addresses).filter((url) => !url.startsWith("https://")), "https");
});

// Cargo.lock as a graph: name -> names of its dependencies.
function dependencyGraph() {
  const packages = read("Cargo.lock").split("[[package]]").slice(1);
  return new Map(packages.map((entry) => {
    const [, list = ""] = entry.match(/dependencies = \[([^\]]*)\]/) ?? [];
    return [entry.match(/name = "([^"]+)"/)[1], [...list.matchAll(/"([^" ]+)/g)].map(([, name]) => name)];
  }));
}

test("the core does not depend on the platform", () => {
  const graph = dependencyGraph();
  const reached = new Set(["toran-core"]);
  for (const name of reached) graph.get(name)?.forEach((next) => reached.add(next));
  none([...reached].filter((name) => /^worker(-|$)|^tokio$|^axum$/.test(name)), "crates/core is pure");
});

test("the lock files name no registry", () => {
  none(files.filter((path) => basename(path) === "package-lock.json" && read(path).includes('"resolved"')), "npm is told so by .npmrc");
});
