// How the entry "toran/url" starts: the wasm beside this file is fetched and compiled while it arrives, when the module is imported.
import { initSync } from "toran:core";
import { unable } from "./unable.js";

const LOADING = { pattern: /fetch|load|network|status/i, advice: `${WASM_FILE} has to be beside its script, and a Content-Security-Policy needs connect-src for it` };
const address = new URL(WASM_FILE, import.meta.url);

/** Also from a server that does not say that it is WebAssembly, once it has all arrived. */
async function compiled() {
  try {
    return await WebAssembly.compileStreaming(fetch(address));
  } catch {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address} has the status ${answer.status}`);
    return WebAssembly.compile(await answer.arrayBuffer());
  }
}

try {
  const module = await compiled();
  initSync({ module });
} catch (cause) {
  throw unable(cause, LOADING);
}

export function start() {}
