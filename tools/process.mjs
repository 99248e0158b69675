// Child processes that never outlive us. Each runs in a process group of its own, because wrangler leaves its workerd
// behind otherwise; the groups are ended on Ctrl-C, SIGTERM, SIGHUP, failure, and when npm itself is gone.
import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { createServer } from "node:net";
import { constants, setPriority } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "./project.mjs";

const GRACE_MS = 4000;
const running = new Set();

/** An error whose message is for the person at the terminal: no stack trace. */
export class Failure extends Error {}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts a long-running program in its own group. `onLine(line, stream)` sees every line it prints. `nested`: it starts
 * groups of its own, and gets time to end them. `nice`: its priority, 0 as usual, 19 the lowest.
 */
export function launch(command, args, { env = {}, cwd = ROOT, onLine = () => {}, nested = false, nice = 0 } = {}) {
  if (ending) throw new Failure("Ending: nothing is started any more.");
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  if (nice && child.pid) setPriority(child.pid, nice);
  for (const stream of ["stdout", "stderr"]) {
    createInterface({ input: child[stream], crlfDelay: Infinity }).on("line", (line) => onLine(line, stream));
  }
  const exited = new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: 127, error }));
    child.on("exit", (code, signal) => resolve({ code: code ?? 128 + constants.signals[signal], signal }));
  });
  const closed = new Promise((resolve) => child.on("close", resolve).on("error", resolve));
  const program = { pid: child.pid, nested, exited, closed, stop: () => stopGroup(program) };
  if (child.pid) running.add(program);
  return program;
}

/** Ends the whole group, also when its leader has already gone, and waits until it is gone. */
async function stopGroup(program) {
  if (!running.has(program)) return;
  signalGroup(program.pid, "SIGTERM");
  await Promise.race([program.exited, sleep(GRACE_MS, undefined, { ref: false })]);
  for (let wait = program.nested ? 30 : 0; wait > 0 && signalGroup(program.pid, 0); wait -= 1) await sleep(100);
  signalGroup(program.pid, "SIGKILL");
  // The ports and files of the group are free only when it is gone. Not for long: a process whose parent has died may stay in the table until somebody reaps it.
  for (let wait = 4; wait > 0 && signalGroup(program.pid, 0); wait -= 1) await sleep(25);
  running.delete(program);
}

export async function stopAll() {
  await Promise.all([...running].map(stopGroup));
}

/** Runs a step to its end, `limit` seconds at most, with visible progress. Throws a Failure with the step's output when it fails. */
export async function step(title, command, args, { env, cwd, nested, nice, limit, show = false, check = true } = {}) {
  const lines = [];
  const progress = reporter(title, show);
  const program = launch(command, args, {
    env,
    cwd,
    nested,
    nice,
    onLine: (line) => {
      lines.push(line);
      if (show) process.stdout.write(`${line}\n`);
    },
  });
  const late = limit && setTimeout(() => (process.stdout.write(`  ${title}: not done after ${limit} s, stopped\n`), program.stop()), limit * 1000);
  const { code, error } = await program.exited;
  clearTimeout(late);
  await stopGroup(program);
  // Its last lines may still be on their way.
  await Promise.race([program.closed, sleep(5000)]);
  progress.end(code === 0);
  if (code !== 0 && check) {
    const words = error ? error.message : show ? "" : excerpt(lines);
    throw new Failure(`${title}: failed (exit code ${code})\n${words}`.trimEnd());
  }
  return { code, output: lines.join("\n") };
}

const excerpt = (lines) => (lines.length > 80 ? [...lines.slice(0, 20), "...", ...lines.slice(-60)] : lines).join("\n");

// The steps that run unseen, side by side: title -> when it began. They share one sign of life, every second on a terminal and every 20 seconds in a log.
const unseen = new Map();
const LIVE = process.stdout.isTTY;
const seconds = (begun) => Math.round((Date.now() - begun) / 1000);
let pulse;

function tick() {
  const titles = [...unseen].map(([title, begun]) => `${title} ... ${seconds(begun)} s`).join(", ");
  process.stdout.write(LIVE ? `\r\x1b[K  ${titles.slice(0, (process.stdout.columns ?? 80) - 4)} ` : `  ${titles}\n`);
}

function reporter(title, show) {
  const begun = Date.now();
  if (!show) unseen.set(title, begun);
  if (!show) pulse ??= setInterval(tick, LIVE ? 1000 : 20_000);
  return {
    end(ok) {
      unseen.delete(title);
      if (unseen.size === 0) pulse = clearInterval(pulse);
      if (LIVE && !show) process.stdout.write("\r\x1b[K");
      if (ok && seconds(begun) > 0) process.stdout.write(`  ${title}: ${seconds(begun)} s\n`);
    },
  };
}

/** The work, done once however often it is asked for: parts of the build need the same parts. */
export function once(work) {
  let done;
  return () => (done ??= work());
}

// Below the ports that the system gives to outgoing connections, any of which could take a port between its choice and its use.
const PORTS = { first: 10_000, count: 22_000 };
// Processes that were started one after the other begin this far apart.
const APART = 89;
let next = process.pid * APART;

/** A port that nobody listens on, and that this process chooses once only: no program of an earlier test takes the next one for its own. */
export async function freePort() {
  for (let tries = 0; tries < PORTS.count; tries += 1) {
    const port = PORTS.first + (next++ % PORTS.count);
    if (await isFree(port)) return port;
  }
  throw new Failure("No port is free on this machine");
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.on("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Fails with advice when somebody already listens on the port. */
export function demandPort(port, variable) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", ({ code }) =>
      reject(new Failure(`Port ${port}: ${code === "EADDRINUSE" ? "in use" : code}. Stop what listens there, or choose another: ${variable}=${port + 1} npm start`)),
    );
    server.listen(port, "127.0.0.1", () => server.close(resolve));
  });
}

/** Waits until `url` answers 2xx, or what `isAnswer` takes; fails when the program ends first or the time is over. */
export async function untilAnswers(url, program, seconds = 90, isAnswer = ({ ok }) => ok) {
  let ended;
  program.exited.then((end) => (ended = end));
  for (const until = Date.now() + seconds * 1000; Date.now() < until; await sleep(100)) {
    if (ended) throw new Failure(`It ended before it answered ${url} (exit code ${ended.code})`);
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer && isAnswer(answer)) return;
  }
  throw new Failure(`No answer from ${url} within ${seconds} s`);
}

// When the ending began. A terminal's Ctrl-C comes twice, from the terminal and from npm: the echo is ignored.
let ending = 0;
const ECHO_MS = 1000;

async function end(code) {
  if (ending && Date.now() - ending < ECHO_MS) return;
  if (ending) process.exit(code);
  ending = Date.now();
  await stopAll();
  process.exit(code);
}

/** Stops every group on a signal, and when the npm that called us has died without one. */
export function guard() {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => end(128 + constants.signals[signal]));
  }
  process.on("exit", () => running.forEach(({ pid }) => signalGroup(pid, "SIGKILL")));
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) {
    setInterval(() => process.ppid !== parent && end(1), 500).unref();
  }
}

/** Whether this module is the program that was called. */
export const called = (meta) => realpathSync(process.argv[1]) === meta.filename;

/** Runs a command's body: signals guarded, failures told in words, nothing left behind. */
export async function main(body) {
  guard();
  try {
    const code = await body();
    if (!ending) await end(code ?? 0);
  } catch (error) {
    if (ending) return;
    process.stderr.write(`${error instanceof Failure ? error.message : error.stack}\n`);
    await end(1);
  }
}
