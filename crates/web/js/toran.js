// The package's functions, as an entry exports them.
export { attach } from "./attach.js";
export { mask, validate, validateMany, validateRequest } from "./calls.js";
export { loadIfsc, lookupIfsc, lookupIfscMany } from "./ifsc.js";
export { setLocale } from "./locale.js";
export { schema } from "./schema.js";
