// `npm run deploy`: says what production still lacks, then `wrangler deploy --env production`. What follows `--` goes to
// wrangler: `npm run deploy -- --dry-run` works offline.
import { readFileSync } from "node:fs";
import { Failure, main, step } from "./process.mjs";
import { at, NODE, WRANGLER, WRANGLER_ENV } from "./project.mjs";
import { setup } from "./setup.mjs";

const PLACEHOLDER = /^.*"(REPLACE_[A-Z_]+)".*$/gm;

const config = readFileSync(at("wrangler.toml"), "utf8");
const placeholders = () => [...config.matchAll(PLACEHOLDER)].map(([, name]) => name);
const requiredSecrets = () => {
  const [, list] = config.match(/\[env\.production\.secrets\]\nrequired = \[([^\]]*)\]/);
  return [...list.matchAll(/"([A-Z0-9_]+)"/g)].map(([, name]) => name);
};

const wrangler = (title, args, options) => step(title, NODE, ["--no-warnings", WRANGLER, ...args], { env: WRANGLER_ENV, nested: true, ...options });

// The names that the account already has; undefined where it cannot be asked (offline, not signed in).
async function secretsSet() {
  const { code, output } = await wrangler("secrets", ["secret", "list", "--env", "production"], { check: false });
  if (code !== 0) return undefined;
  return [...output.matchAll(/"name":\s*"([A-Z0-9_]+)"/g)].map(([, name]) => name);
}

function report(lines) {
  process.stdout.write(`${lines.join("\n")}\n`);
}

await main(async () => {
  const extra = process.argv.slice(2);
  const dry = extra.includes("--dry-run");
  await setup();
  const known = dry ? undefined : await secretsSet();
  const missing = requiredSecrets().filter((name) => !known?.includes(name));
  const ids = placeholders();
  report(ids.map((name) => `Missing id: ${name} in wrangler.toml (wrangler kv namespace create CHECKS --env production)`));
  if (missing.length) report([`${known ? "Missing" : "Needed"} secrets, each by wrangler secret put NAME --env production:`, ...missing.map((name) => `  ${name}`), "(wrangler will warn that these are no vars of production. That is right: they are secrets.)"]);
  if (!dry && ids.length) throw new Failure("Not deployed: ids are missing.");
  await wrangler("deploy", ["deploy", "--env", "production", ...extra], { show: true });
});
