// How the entry for Workers and edge runtimes starts: they compile no bytes, and give the compiled module for an `import`. The first call
// makes its instance, as in the default entry.
import { initSync } from "./toran_web.js";
import module from "toran:module";

let started = false;

export function start() {
  if (started) return;
  if (!(module instanceof WebAssembly.Module)) throw new Error("toran could not start its WebAssembly; the bundler has to give toran_web_bg.wasm as a compiled module");
  initSync({ module });
  started = true;
}
