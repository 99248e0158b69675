// How the entry for Workers and edge runtimes starts: they compile no bytes, and give the compiled module for an `import`. The first call
// makes its instance, as in the default entry.
import { initSync } from "toran:core";
import module from "toran:module";

let started = false;

export function start() {
  if (started) return;
  if (!(module instanceof WebAssembly.Module)) throw new Error(`toran could not start its WebAssembly; the bundler has to give ${WASM_FILE} as a compiled module`);
  initSync({ module });
  started = true;
}
