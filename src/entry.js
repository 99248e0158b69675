// The Worker's entry point. It passes each call to the wasm, and recovers from traps.
//
// A trap (a panic, an instruction that must not be reached, a fault in memory, a full stack) leaves the wasm instance in an unknown state, and so does an
// exception of JavaScript that unwinds it. Then nothing enters that instance again: a new one takes its place at once, and every call that was under way,
// in all requests of the isolate, is rejected instead of hanging. A check goes on as after a crash: its object is made anew from what was saved
// (docs/decisions/0003-money-and-time.md).
import { DurableObject } from "cloudflare:workers";
import * as bindings from "toran:bindings";

// How soon an object's alarm that trapped rings again, in milliseconds. The platform's own retries would end after six. The register puts off the machine that trapped it.
const ALARM_AGAIN = 5000;

// The runtime's own queueMicrotask costs more than a settled promise. What a task throws reaches the listeners below either way.
const settledPromise = Promise.resolve();
globalThis.queueMicrotask = (task) => void settledPromise.then(task).catch(reportError);

// The number of the wasm instance; objects that belong to an older one are stale.
let instance = 1;
// Rejects each call that is under way in it.
const underWay = new Set();

class Trapped extends Error {}

bindings.prepare();

// `inside`: how many calls were still inside the wasm. `error.message` is the engine's own text, such as "unreachable", and holds no data. A panic logs
// its place itself.
function abandon(error, inside = 0) {
  const line = { level: "alert", event: "wasm_trapped", error: error instanceof WebAssembly.RuntimeError ? error.message : error?.name, under_way: underWay.size + inside };
  console.log(JSON.stringify(line));
  // First the new instance: from here on the bindings refuse the closures of the old one.
  bindings.__wbg_reset_state();
  instance += 1;
  bindings.prepare();
  for (const reject of underWay) reject(new Trapped());
  underWay.clear();
}

// An exception in a microtask reaches no caller, so it arrives here; the wasm runs its tasks in microtasks. The bindings refuse a closure of an old instance by an
// error too, which is no trap.
const isStale = (error) => /previous wasm instance/i.test(error?.message);
addEventListener("error", (event) => {
  // The runtime would log its text.
  event.preventDefault();
  if (!isStale(event.error)) abandon(event.error);
});
addEventListener("unhandledrejection", ({ reason }) => reason instanceof WebAssembly.RuntimeError && abandon(reason));

// What throws has unwound the wasm; an error that Rust returns is a rejected promise.
function enter(work) {
  try {
    return work();
  } catch (error) {
    abandon(error, 1);
    throw new Trapped();
  }
}

// What the wasm answers, at once or by a promise, which rejects if its instance traps first.
async function settled(promise) {
  if (typeof promise === "string") return promise;
  let reject;
  const trapped = new Promise((_, rejects) => (reject = rejects));
  underWay.add(reject);
  try {
    return await Promise.race([promise, trapped]);
  } finally {
    underWay.delete(reject);
  }
}

// The body as bytes; `undefined` if it breaks off. One of unknown length is read until `most` bytes are there: then it is too large already. `most` is 0 for one that is
// read for nothing.
async function read(request, most, isDeclared) {
  try {
    if (most === 0) return void (await request.body?.pipeTo(new WritableStream()));
    // `bytes()` would be one promise more.
    if (isDeclared) return new Uint8Array(await request.arrayBuffer());
    const chunks = [];
    for await (const chunk of request.body ?? []) {
      chunks.push(chunk);
      most -= chunk.byteLength;
      if (most <= 0) break;
    }
    return await new Blob(chunks).bytes();
  } catch {
    return undefined;
  }
}

// What the wasm reads of every request, as one text: a line for the method, the URL and each of these headers.
const HEADERS = bindings.headers().split(" ");

function head({ method, url, headers }) {
  let text = `${method}\n${url}`;
  for (const name of HEADERS) text += `\n${headers.get(name) ?? ""}`;
  return text;
}

const arrive = (request, env) => enter(() => bindings.arrive(request, head(request), env));

// Begins a request again whose instance trapped while its body was read, or that has waited for very long: nothing was done yet. Without its body (`most` is 0) it cannot.
function again(request, env, most, body) {
  if (most === 0) throw new Trapped();
  const arrived = arrive(request, env);
  return typeof arrived === "number" ? enter(() => bindings.end(arrived, body)) : arrived;
}

// The wasm's response is one text: a line with status and headers, the line for the log, then the body.
function response(text) {
  const end = text.indexOf("\n");
  const log = text.indexOf("\n", end + 1);
  console.log(text.slice(end + 1, log));
  return new Response(text.slice(log + 1) || null, JSON.parse(text.slice(0, end)));
}

const failed = (request, env) => response(enter(() => bindings.failed(request, head(request), env)));

// The response to a request that waits for its body under a number, or for a promise.
async function answered(arrived, request, env) {
  let ended = arrived;
  try {
    if (typeof arrived === "number") {
      const at = instance;
      const most = bindings.most(arrived);
      const body = await read(request, most, bindings.is_declared(arrived));
      if (at === instance) ended = enter(() => bindings.end(arrived, body));
      if (at !== instance || ended === undefined) ended = again(request, env, most, body);
    }
    return response(typeof ended === "string" ? ended : await settled(ended));
  } catch {
    return failed(request, env);
  }
}

export default {
  // A request that is answered without asking anyone creates no promise.
  fetch(request, env) {
    let arrived;
    try {
      arrived = arrive(request, env);
    } catch {
      return failed(request, env);
    }
    return typeof arrived === "string" ? response(arrived) : answered(arrived, request, env);
  },

  async scheduled({ scheduledTime }, env) {
    await settled(enter(() => bindings.sweep(env, Math.floor(scheduledTime / 60_000))));
  },
};

// Makes the class of a Durable Object. Its state is in the wasm, so after a trap it is made anew from storage.
const durable = (name) =>
  class extends DurableObject {
    #object;
    #instance = 0;

    get #current() {
      if (this.#instance !== instance) this.#object = new bindings[name](this.ctx, this.env);
      this.#instance = instance;
      return this.#object;
    }

    ask(question) {
      return settled(enter(() => this.#current.ask(question)));
    }

    order(order) {
      return settled(enter(() => this.#current.order(order)));
    }

    async alarm() {
      try {
        await settled(enter(() => this.#current.alarm()));
      } catch (error) {
        if (!(error instanceof Trapped)) throw error;
        await this.ctx.storage.setAlarm(Date.now() + ALARM_AGAIN);
      }
    }
  };

export const CheckRegister = durable("CheckRegister");
export const SubjectRegister = durable("SubjectRegister");
export const SessionRegister = durable("SessionRegister");
export const ModuleRegister = durable("ModuleRegister");
export const ProofRegister = durable("ProofRegister");
export const ConsentRegister = durable("ConsentRegister");
export const Journal = durable("Journal");
export const Endpoints = durable("Endpoints");
