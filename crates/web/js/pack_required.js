// The registry of the CommonJS entry: a file beside it, which is required when the registry is asked for. It is not compressed, for not every
// place that tests run in has what unpacks it.
export async function pack() {
  return Uint8Array.from(atob(require("toran:ifsc")), (letter) => letter.charCodeAt());
}
