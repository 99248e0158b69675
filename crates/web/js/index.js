// The package in a browser: the wasm is fetched from beside this file, once, when the module is imported.
import init from "./toran_web.js";

await init();

export { mask, matchMany, matchNames, validate, validateMany, validateRequest } from "./toran_web.js";
