// How the default entry comes to the IFSC registry: a module of its own with the bytes as text, which bundlers take along without an option.
import { bytes } from "./letters.js";
import reader from "toran:reader";

export async function pack() {
  return bytes((await import("toran:ifsc")).default, reader);
}
