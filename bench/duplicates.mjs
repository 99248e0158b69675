// The same request fifty times at once, while the vendor takes its time: one call there, one answer for all.
import { Agent, request as open } from "node:http";
import { Failure } from "../tools/process.mjs";
import { freshBlock, numbered } from "./wrk.mjs";

const CALLERS = 50;
const VENDOR_MS = 1000;

const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });

function send(url, { method, path, headers }, body) {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = open(url + path, { method, headers, agent }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ status: answer.statusCode, text: Buffer.concat(parts).toString(), ms: performance.now() - begun }));
      answer.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function burst(url, request, sandbox) {
  const body = numbered(request.body, freshBlock());
  await sandbox.reset();
  await sandbox.delay(request.operation, VENDOR_MS);
  const answers = await Promise.all(Array.from({ length: CALLERS }, () => send(url, request, body)));
  const [{ status, text }] = answers;
  const other = answers.find((answer) => answer.status !== request.status || answer.text !== text);
  if (status !== request.status || other) throw new Failure(`Duplicates were answered differently: ${status} ${text}, and ${other?.status} ${other?.text}`);
  const posts = await sandbox.posts();
  if (posts !== 1) throw new Failure(`${CALLERS} duplicates led to ${posts} calls of the vendor`);
  return answers.map(({ ms }) => ms);
}

/** As many bursts as there are seconds, each about a reference of its own. Answers what `load` does. */
export async function duplicates(url, request, seconds, sandbox) {
  const begun = performance.now();
  const times = [];
  for (let count = 0; count < seconds; count += 1) times.push(...(await burst(url, request, sandbox)));
  times.sort((a, b) => a - b);
  return { requests: times.length, seconds: (performance.now() - begun) / 1000, p99: times[Math.ceil(times.length * 0.99) - 1] };
}
