// Writes what wrangler makes of its configuration for the local runtime: `node tools/runtime.mjs wrangler.toml OPTIONS.json`.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { unstable_getMiniflareWorkerOptions as optionsOf } from "wrangler";

const [source, target] = process.argv.slice(2);
// From a copy: beside the original there may be somebody's .dev.vars.
const copy = join(dirname(target), basename(source));
mkdirSync(dirname(target), { recursive: true });
copyFileSync(source, copy);
writeFileSync(target, JSON.stringify(optionsOf(copy).workerOptions, null, 2));
