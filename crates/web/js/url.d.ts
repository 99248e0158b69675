// The types of "toran/url", which are those of "toran": for resolvers that look beside the file.
export * from "./toran.js";
