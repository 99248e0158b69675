// How the entry "toran/url" starts: the wasm beside this file is fetched and compiled while it arrives, when the module is imported.
import { initSync } from "./toran_web.js";

const address = new URL("toran_web_bg.wasm", import.meta.url);

/** Also from a server that does not say that it is WebAssembly, once it has all arrived. */
async function compiled() {
  try {
    return await WebAssembly.compileStreaming(fetch(address));
  } catch {
    return WebAssembly.compile(await (await fetch(address)).arrayBuffer());
  }
}

try {
  const module = await compiled();
  initSync({ module });
} catch (cause) {
  const advice = "it needs toran_web_bg.wasm beside its script, and under a Content-Security-Policy connect-src for it and script-src 'wasm-unsafe-eval'";
  throw new Error(`toran could not start its WebAssembly; ${advice}. (${cause})`, { cause });
}

export function start() {}
