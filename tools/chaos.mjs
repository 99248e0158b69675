// `npm run chaos -- --seed N --operations N`: a long run of tests/edge/chaos.mjs. Without a seed another one is drawn each time, and printed.
import { parseArgs } from "node:util";
import * as build from "./build.mjs";
import { Failure, main, step } from "./process.mjs";
import { at, NODE } from "./project.mjs";
import { packages } from "./setup.mjs";

const MOST = 100_000;

function number(name, text, most) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most) throw new Failure(`--${name} is a number from 1 to ${most}`);
  return String(value);
}

await main(async () => {
  const { values } = parseArgs({ options: { seed: { type: "string" }, operations: { type: "string", default: "1000" } } });
  const seed = number("seed", values.seed ?? Math.floor(Math.random() * 0xffff_ffff) + 1, 0xffff_ffff);
  const operations = number("operations", values.operations, MOST);
  await packages();
  await Promise.all([build.workers(), build.runtime(), build.tested()]);
  process.stdout.write(`Seed ${seed}, ${operations} operations: npm run chaos -- --seed ${seed} --operations ${operations}\n`);
  const env = { NODE_NO_WARNINGS: "1", TORAN_CHAOS_SEED: seed, TORAN_CHAOS_OPERATIONS: operations };
  const { code } = await step("chaos", NODE, ["--test", "--test-force-exit", "--test-reporter=spec", at("tests", "edge", "chaos.test.mjs")], { env, nested: true, show: true, check: false });
  return code;
});
