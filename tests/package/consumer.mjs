// An application that has installed the package: a fresh folder of its own below build/consumers, served on a free port, looked at in
// Chromium. Everything is stopped and removed at the end, also when a test fails or the run is interrupted.
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { CONSUMERS, PACKAGE } from "../../tools/consumers.mjs";
import { guard } from "../../tools/process.mjs";
import { at } from "../../tools/project.mjs";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const MEDIA = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".bin": "application/octet-stream" };
const LOOPBACK = "127.0.0.1";

guard();
const folders = [];
process.on("exit", () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

export { PACKAGE };

/** A development dependency of tests/package/package.json. */
export const dependency = (name) => import(createRequire(join(CONSUMERS, "package.json")).resolve(name));

/** A fresh folder with these files, `{ path: content }`, and the package as npm installed it. Other dependencies are found above it. */
export function application(files) {
  mkdirSync(join(CONSUMERS, "apps"), { recursive: true });
  const folder = mkdtempSync(join(CONSUMERS, "apps", "app-"));
  folders.push(folder);
  cpSync(PACKAGE, join(folder, "node_modules", "toran"), { recursive: true });
  const manifest = { name: "app", private: true, type: "module", dependencies: { toran: "*" } };
  for (const [path, content] of Object.entries({ "package.json": JSON.stringify(manifest), ...files })) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** The package's files in a folder of an application, as a plain page has them. */
export const copied = (folder, name = "toran") => cpSync(PACKAGE, join(folder, name), { recursive: true });

/** Runs a program to its end; answers what it printed, `{ stdout, stderr }`. */
export const ran = (program, args, cwd) => promisify(execFile)(program, args, { cwd, maxBuffer: 2 ** 26 });

/** The same, of its standard output alone. */
export const run = async (program, args, cwd) => (await ran(program, args, cwd)).stdout;

/** Serves a folder; answers `{ url, asked, stop }`, where `asked` are the paths that were asked for. */
export async function serve(folder, headers = {}) {
  const asked = [];
  const server = createServer(({ url }, answer) => {
    const { pathname } = new URL(url, "http://localhost");
    const file = join(folder, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    asked.push(pathname);
    const found = existsSync(file);
    answer.writeHead(found ? 200 : 404, { "content-type": MEDIA[extname(file)] ?? "text/plain", ...headers });
    answer.end(found ? readFileSync(file) : "");
  });
  await new Promise((resolve) => server.listen(0, LOOPBACK, resolve));
  return { url: `http://${LOOPBACK}:${server.address().port}/`, asked, stop: () => (server.closeAllConnections(), server.close()) };
}

/** A browser with one page; `noise` is what it complained about. */
export async function browser() {
  const program = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: FLAGS });
  return {
    async visit(url) {
      const page = await (await program.newContext()).newPage();
      const noise = [];
      page.on("console", (message) => ["error", "warning"].includes(message.type()) && noise.push(message.text()));
      page.on("pageerror", (error) => noise.push(String(error)));
      await page.goto(url);
      return { page, noise };
    },
    stop: () => program.close(),
  };
}

const FOLDER = at("tests", "vectors");

// A row's input; a text with `repeat` stands so often.
const whole = (row) => ({ ...row, input: row.repeat ? row.input.repeat(row.repeat) : row.input });

/** The identifiers' vectors: `{ kind, valid, invalid }[]`. */
export const vectors = () =>
  readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => JSON.parse(readFileSync(join(FOLDER, name), "utf8")))
    .filter(({ kind }) => kind)
    .map(({ kind, valid, invalid }) => ({ kind, valid: valid.map(whole), invalid: invalid.map(whole) }));
