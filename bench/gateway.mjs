// The gateway under load, beside peers in JavaScript that do the same work: docs/PERFORMANCE.md says what is measured and how it is kept fair. A scenario's
// targets run side by side, each in a process of its own; they take turns, and medians of the rounds count.
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { Failure } from "../tools/process.mjs";
import { duplicates } from "./duplicates.mjs";
import { npmPeers } from "./peers.mjs";
import { median, ratio } from "./rate.mjs";
import { SCENARIOS } from "./scenarios.mjs";
import * as targets from "./targets.mjs";
import { freshBlock, load, numbered } from "./wrk.mjs";

export const title = "The gateway under load, at 8 connections: CPU of its process per request, peak memory, and toran's rate and CPU as multiples of each peer's";
export const needs = ["worker", "sandbox", "runtime"];

// How long one round takes, and how many there are.
const SECONDS = Number(process.env.TORAN_BENCH_SECONDS || 3);
const ROUNDS = Number(process.env.TORAN_BENCH_ROUNDS || 5);
// Which scenarios, by a part of their names.
const ONLY = process.env.TORAN_BENCH_ONLY ?? "";
// How long a target is warmed up, in rounds' time, where its scenario does not say.
const WARM_UP = 2 / 3;
// What is still under way when a round ends, ends before the next target's turn.
const PAUSE_MS = 200;

const MIB = 1024 * 1024;

// Peers whose packages may be out of reach.
const INSTALLED = new Set(["hono"]);

// The floor answers what it is sent, with a 400.
const expected = ({ target, request }) => (target === "echo" ? { ...request, status: 400, key: undefined } : request);

async function ask({ by, url, request: { method, path, headers, body, status, key } }) {
  const sent = body && numbered(body, freshBlock());
  const answer = await fetch(url + path, { method, headers, body: sent });
  const text = await answer.text();
  if (answer.status !== status) throw new Failure(`${by}: ${path} was answered ${answer.status} instead of ${status}: ${text}`);
  const json = key || status === 200 ? JSON.parse(text) : undefined;
  if (key && json.key !== key) throw new Failure(`${by}: ${path} was answered ${json.key} instead of ${key}`);
  return { json, replayed: answer.headers.has("idempotent-replayed") };
}

// Who is asked for the same says the same, a check calls the vendor once, and a second request about it does not.
async function demandAnswers({ name, alike, replayed }, subjects, sandbox) {
  const answers = [];
  for (const subject of subjects) {
    const before = await sandbox.posts();
    answers.push((await ask(subject)).json);
    if (subject.request.operation && (await sandbox.posts()) !== before + 1) throw new Failure(`${name}: ${subject.by} did not call the vendor once`);
    if (replayed && !(await ask(subject)).replayed) throw new Failure(`${name}: ${subject.by} did not replay its answer`);
  }
  if (!alike) return;
  const same = answers.filter(Boolean).map(alike);
  const odd = same.find((answer) => !isDeepStrictEqual(answer, same[0]));
  if (odd) throw new Failure(`${name}: the answers differ: ${JSON.stringify(same[0])}, and ${JSON.stringify(odd)}`);
}

async function round({ burst }, { url, request, cpu }, seconds, sandbox) {
  const before = cpu();
  const { requests, seconds: spent, p99 } = burst ? await duplicates(url, request, seconds, sandbox) : await load(url, request, seconds);
  const used = cpu() - before;
  await sleep(PAUSE_MS);
  return { rate: requests / spent, p99, cpu: used / requests };
}

async function measured(scenario, subjects, sandbox) {
  await demandAnswers(scenario, subjects, sandbox);
  const warm = Math.max(1, Math.round((scenario.warm ?? WARM_UP) * SECONDS));
  for (const subject of subjects) await round(scenario, subject, warm, sandbox);
  const rounds = subjects.map(() => []);
  for (let count = 0; count < ROUNDS; count += 1) {
    for (const [index, subject] of subjects.entries()) rounds[index].push(await round(scenario, subject, SECONDS, sandbox));
  }
  const middle = (index, column) => median(rounds[index].map((values) => values[column]));
  return subjects.map(({ by, peak }, index) => ({
    scenario: scenario.name,
    by,
    per_second: Math.round(middle(index, "rate")),
    p99_ms: Number(middle(index, "p99").toPrecision(3)),
    cpu_us: Math.round(middle(index, "cpu") * 1e6),
    toran_rate: ratio(middle(0, "rate"), middle(index, "rate")),
    toran_cpu: ratio(middle(0, "cpu"), middle(index, "cpu")),
    peak_mib: Math.round(peak() / MIB),
  }));
}

async function ofScenario(scenario, sandbox, isThere) {
  await sandbox.reset();
  const settings = targets[scenario.settings ?? "development"]();
  const headers = { authorization: `Bearer ${settings.key}`, "content-type": "application/json" };
  const subjects = [];
  try {
    for (const subject of scenario.subjects.filter(({ target }) => isThere(target))) {
      const served = await targets.start(subject.target, settings, sandbox.address);
      subjects.push({ ...subject, ...served, request: { ...expected(subject), headers } });
    }
    return await measured(scenario, subjects, sandbox);
  } finally {
    await Promise.all(subjects.map(({ stop }) => stop()));
  }
}

export async function measure() {
  const installed = await npmPeers();
  const isThere = (target) => installed || !INSTALLED.has(target);
  const sandbox = await targets.startSandbox();
  try {
    const rows = [];
    for (const scenario of SCENARIOS.filter(({ name }) => name.includes(ONLY))) rows.push(...(await ofScenario(scenario, sandbox, isThere)));
    return rows;
  } finally {
    await sandbox.stop();
  }
}
