// `npm start`: installs and builds what is missing, then serves gateway, form and sandbox until Ctrl-C.
import { join } from "node:path";
import { sandbox, start } from "./build.mjs";
import { demandPort, Failure, launch, main, untilAnswers } from "./process.mjs";
import { NODE, PORT, SANDBOX, SANDBOX_PORT, START, STATE, vendorAddresses, WRANGLER, WRANGLER_ENV } from "./project.mjs";
import { packages } from "./setup.mjs";

// wrangler's table of bindings, its access log (the Worker writes its own) and its bundler's remarks.
const NOISE = /^\s*$|^\[wrangler:info\]|^env\.|^Binding |^Your Worker has access|^⎔|^\[custom build\](?:\s*$| Running|.* \d+ s$)|^ *Using vars|^╭|^│|^╰/u;
const gatewayLine = (line) => {
  if (!NOISE.test(line)) process.stdout.write(`${line}\n`);
};

function startSandbox() {
  const env = { TORAN_PORT: String(PORT), TORAN_SANDBOX_PORT: String(SANDBOX_PORT) };
  return launch(SANDBOX, [], { env, onLine: (line) => process.stdout.write(`${line}\n`) });
}

function startGateway() {
  const args = ["--no-warnings", WRANGLER, "dev", join(START, "worker", "index.js"), "--ip", "127.0.0.1", "--port", String(PORT), "--inspector-port", "0"];
  args.push("--persist-to", STATE, "--show-interactive-dev-session=false");
  args.push("--assets", join(START, "www"));
  const addresses = vendorAddresses(`http://127.0.0.1:${SANDBOX_PORT}`);
  args.push(...Object.entries(addresses).flatMap(([name, address]) => ["--var", `${name}:${address}`]));
  return launch(NODE, args, { env: { ...WRANGLER_ENV, TORAN_BUILD: "start" }, nested: true, onLine: gatewayLine });
}

async function serve() {
  await demandPort(PORT, "TORAN_PORT");
  await demandPort(SANDBOX_PORT, "TORAN_SANDBOX_PORT");
  await Promise.all([packages(), sandbox(), start()]);
  const vendors = startSandbox();
  const gateway = startGateway();
  const base = `http://127.0.0.1:${PORT}`;
  const vendorBase = `http://127.0.0.1:${SANDBOX_PORT}`;
  await untilAnswers(`${vendorBase}/_sandbox/calls`, vendors);
  await untilAnswers(`${base}/healthz`, gateway);
  process.stdout.write(`Toran is ready: gateway ${base}  form ${base}/  sandbox ${vendorBase}/\n`);
  const ended = await Promise.race([vendors.exited.then(() => "sandbox"), gateway.exited.then(() => "gateway")]);
  throw new Failure(`The ${ended} has ended; stopping.`);
}

await main(serve);
