// The package in Node: the wasm is read from beside this file, once, when the module is imported.
import { readFileSync } from "node:fs";
import { initSync } from "./toran_web.js";

initSync({ module: readFileSync(new URL("./toran_web_bg.wasm", import.meta.url)) });

export { mask, matchMany, matchNames, validate, validateMany, validateRequest } from "./toran_web.js";
