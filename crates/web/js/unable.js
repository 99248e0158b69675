// Why the WebAssembly cannot be started, as far as it can be told, and what to do about it. Browsers say it in words only.
function advice(cause, other) {
  if (typeof WebAssembly !== "object") return "there is none here: the browser is too old, or switches it off, as Apple's Lockdown Mode does";
  if (/embedder/.test(cause)) return 'this runtime compiles no bytes: its bundler must take the package by the condition "workerd" or "edge-light"';
  if (/\d ?[KM]B/.test(cause)) return 'Chrome before 114 does this only asynchronously: import "toran/url", or use a web worker';
  if (/polic|csp|unsafe-eval/i.test(cause)) return "a Content-Security-Policy needs script-src 'wasm-unsafe-eval'";
  if (other?.pattern.test(cause)) return other.advice;
  if (cause instanceof RangeError) return "there is not enough memory for it";
  if (cause instanceof WebAssembly.CompileError || cause instanceof WebAssembly.LinkError) return "the browser is too old for it, or not all of it was loaded";
  return "something that it needs is missing";
}

/** `other`: what only one entry's way to its wasm meets, `{ pattern, advice }`. */
export const unable = (cause, other) => new Error(`toran could not start its WebAssembly; ${advice(cause, other)}. (${cause})`, { cause });
