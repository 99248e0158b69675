// `npm run generate`: writes the pages that are made from the tables (crates/core/tests/pages): docs/KEYS.md and the matrix of tests/README.md.
import { main, step } from "./process.mjs";
import { toolchain } from "./setup.mjs";

await main(async () => {
  await toolchain();
  await step("pages", "cargo", ["test", "-q", "-p", "toran-core", "--features", "sim", "--test", "suite", "pages::"], { env: { TORAN_GENERATE: "1" } });
  process.stdout.write("docs/KEYS.md and tests/README.md are current.\n");
});
