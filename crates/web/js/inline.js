// How the default entry starts: the wasm is in this file, as text, and is made an instance on the first call. Importing it does nothing,
// so a bundler may drop what nobody calls, and a page whose policy forbids WebAssembly fails where it calls and not as a whole.
import { bytes } from "./letters.js";
import { initSync } from "toran:core";
import { unable } from "./unable.js";
import reader from "toran:reader";
import wasm from "toran:wasm";

let started = false;

export function start() {
  if (started) return;
  try {
    initSync({ module: bytes(wasm, reader) });
  } catch (cause) {
    throw unable(cause);
  }
  started = true;
}
