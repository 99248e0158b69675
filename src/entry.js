// What the runtime calls. Each call goes straight to the wasm; what is here is how the Worker survives a trap.
//
// A trap (a panic, a fault in memory, a full stack) leaves the wasm instance in a state that nobody knows, so nothing enters that
// instance again. What is under way in it ends at once with an error, in all requests of the isolate, instead of waiting for ever.
// The next call finds a new instance. No check is lost by that: an object that is made anew reads what was saved and goes on as
// after a crash (docs/decisions/0003-money-and-time.md).
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import * as bindings from "toran:bindings";

// The number of the wasm instance, and whether it has trapped.
let instance = 1;
let trapped = false;
// How to end each call that is under way in it.
const underWay = new Set();

bindings.prepare();

const isTrap = (error) => error instanceof WebAssembly.RuntimeError || (error instanceof RangeError && /call stack/.test(error.message));

// The error is the engine's own word, such as "unreachable"; it holds no data. The place of a panic is logged where it happens.
function abandon(error) {
  if (trapped) return;
  trapped = true;
  console.log(JSON.stringify({ level: "alert", event: "wasm_trapped", error: error.message, under_way: underWay.size }));
  for (const end of underWay) end(error);
  underWay.clear();
}

function renew() {
  if (!trapped) return;
  bindings.__wbg_reset_state();
  instance += 1;
  trapped = false;
  bindings.prepare();
}

// What runs in a microtask has no caller to throw to.
addEventListener("error", ({ error }) => isTrap(error) && abandon(error));
addEventListener("unhandledrejection", ({ reason }) => isTrap(reason) && abandon(reason));

// Calls the wasm and waits for it, no longer than its instance lives.
async function call(work) {
  renew();
  const entered = instance;
  let end;
  const abandoned = new Promise((_, reject) => (end = reject));
  underWay.add(end);
  try {
    return await Promise.race([work(), abandoned]);
  } catch (error) {
    underWay.delete(end);
    if (isTrap(error) && entered === instance) abandon(error);
    throw error;
  } finally {
    underWay.delete(end);
  }
}

export default class extends WorkerEntrypoint {
  async fetch(request) {
    try {
      return await call(() => bindings.fetch(request, this.env, this.ctx));
    } catch (error) {
      if (!isTrap(error)) throw error;
      renew();
      return bindings.failed(request, this.env);
    }
  }
}

// A class of objects. Its state is in the wasm, so each new instance gets an object of its own from what is in storage.
const durable = (name) =>
  class extends DurableObject {
    #object;
    #instance = 0;

    get #current() {
      renew();
      if (this.#instance !== instance) this.#object = new bindings[name](this.ctx, this.env);
      this.#instance = instance;
      return this.#object;
    }

    fetch(request) {
      return call(() => this.#current.fetch(request));
    }

    alarm() {
      return call(() => this.#current.alarm());
    }
  };

export const CheckObject = durable("CheckObject");
export const VelocityObject = durable("VelocityObject");
