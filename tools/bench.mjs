// `npm run bench`: what bench/README.md says, table by table, printed and written to bench/results.json. `npm run bench -- TABLE...` makes some of them.
import { writeFileSync } from "node:fs";
import { print } from "../bench/table.mjs";
import * as build from "./build.mjs";
import { Failure, main } from "./process.mjs";
import { at } from "./project.mjs";
import { setup } from "./setup.mjs";

const TABLES = ["sizes", "startup", "verdicts", "ifsc", "mistakes", "matchers", "pairs", "gateway"];

await main(async () => {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !TABLES.includes(name));
  if (unknown) throw new Failure(`Unknown table ${unknown}; there are ${TABLES.join(", ")}`);
  await setup();
  await build.www();
  const results = {};
  for (const name of names.length ? names : TABLES) {
    const { title, needs = [], measure } = await import(`../bench/${name}.mjs`);
    for (const part of needs) await build[part]();
    results[name] = await measure();
    print(title, results[name]);
  }
  writeFileSync(at("bench", "results.json"), `${JSON.stringify(results, undefined, 2)}\n`);
});
