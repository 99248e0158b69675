// Load by wrk: one thread and eight connections, which send the next request when the last one is answered.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, launch } from "../tools/process.mjs";
import { loadGenerator } from "../tools/setup.mjs";
import { FOLDER } from "./bundles.mjs";

const CONNECTIONS = 8;
// So long may one answer take: opening the first objects on a busy machine does.
const PATIENCE_SECONDS = 60;

// `{n}` in a body becomes a number that no other request has.
const BLOCK = 1_000_000;
let blocks = 0;

/** Numbers that nobody else has had: the first of a block of BLOCK. */
export const freshBlock = () => (blocks += 1) * BLOCK;

/** A body with a number in it, in as many digits as the largest has. */
export const numbered = (body, n) => body.replaceAll("{n}", String(n).padStart(9, "0"));

// As a long text, which has no escapes. Between brackets it needs blanks around it.
const quoted = (text) => `[==[${text}]==]`;

// The program of wrk's own that makes the requests, and tells what came of them as one line of JSON.
function script({ method, headers, body }) {
  const lines = [`wrk.method = "${method}"`, ...Object.entries(headers).map(([name, value]) => `wrk.headers[ ${quoted(name)} ] = ${quoted(value)}`)];
  if (body?.includes("{n}")) {
    lines.push(`local body, n = ${quoted(body)}, ${freshBlock()}`);
    lines.push(`request = function() n = n + 1; return wrk.format(nil, nil, nil, (body:gsub("{n}", string.format("%09d", n)))) end`);
  } else if (body !== undefined) {
    lines.push(`wrk.body = ${quoted(body)}`);
  }
  const fields = '{"requests":%d,"microseconds":%d,"p99":%d,"refused":%d,"broken":%d}';
  const values = "all.requests, all.duration, latency:percentile(99), e.status, e.connect + e.read + e.write + e.timeout";
  lines.push(`done = function(all, latency) local e = all.errors; io.write(string.format('\\n${fields}\\n', ${values})) end`);
  return `${lines.join("\n")}\n`;
}

// Runs wrk to its end, and reads what its program prints.
async function run(url, request, seconds) {
  const wrk = await loadGenerator();
  const path = join(FOLDER, "gateway", "request.lua");
  mkdirSync(join(FOLDER, "gateway"), { recursive: true });
  writeFileSync(path, script(request));
  const lines = [];
  const args = ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, `--timeout=${PATIENCE_SECONDS}s`, "-s", path, url + request.path];
  const program = launch(wrk, args, { onLine: (line) => lines.push(line) });
  const { code } = await program.exited;
  await program.closed;
  await program.stop();
  const report = lines.find((line) => line.startsWith("{"));
  if (code !== 0 || !report) throw new Failure(`wrk ended with ${code} at ${request.path}\n${lines.join("\n")}`);
  return JSON.parse(report);
}

/**
 * Sends `request` (`{ method, path, headers, body, status }`) to `url` for so many seconds. Answers `{ requests, seconds, p99 }`, the last in milliseconds. It is a
 * failure when an answer is lost, or has a status of the other kind than expected: wrk counts those of 400 and more.
 */
export async function load(url, request, seconds) {
  const { requests, microseconds, p99, refused, broken } = await run(url, request, seconds);
  const refusals = request.status < 400 ? 0 : requests;
  if (requests === 0) throw new Failure(`${request.path}: no answer within ${seconds} s`);
  if (broken > 0) throw new Failure(`${request.path}: ${broken} of ${requests} requests were not answered`);
  if (refused !== refusals) throw new Failure(`${request.path}: ${refused} of ${requests} answers were refusals, and ${refusals} were expected (${request.status})`);
  return { requests, seconds: microseconds / 1e6, p99: p99 / 1000 };
}
