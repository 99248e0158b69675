// How the entry "toran/url" starts: the wasm beside this file is fetched and compiled while it arrives, when the module is imported.
import init from "./toran_web.js";

try {
  await init();
} catch (cause) {
  const advice = "it needs toran_web_bg.wasm beside its script, and under a Content-Security-Policy connect-src for it and script-src 'wasm-unsafe-eval'";
  throw new Error(`toran could not start its WebAssembly; ${advice}. (${cause})`, { cause });
}

export function start() {}
