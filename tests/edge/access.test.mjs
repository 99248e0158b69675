// A person whom Cloudflare Access let in decides under their e-mail address, and what is forged, over or somebody else's decides nothing.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { KEY, post, settled, startGateway, startSandbox } from "./harness.mjs";
import { startAccess } from "./access.mjs";
import { as, fresh, lostMoney, reviewed, SOON } from "./review.mjs";

const digest = (key) => createHash("sha256").update(key).digest("hex");

let access, sandbox, gateway;

before(async () => {
  [access, sandbox] = [await startAccess(), await startSandbox()];
  const people = { issuer: access.issuer, audience: access.audience };
  const reviewer = { digest: digest("toran_mira_key"), scopes: ["review"], person: "mira@acme.example" };
  const tenants = [
    { id: "dev", keys: [digest(KEY)], scopes: ["*"], origins: [], access: people },
    { id: "played", keys: [digest("toran_played_key")], scopes: ["*"], origins: [], access: { issuer: sandbox.url, audience: "development" } },
    { id: "careful", keys: [digest("toran_careful_key"), reviewer], scopes: ["*"], origins: [], access: { ...people, audience: "second" }, four_eyes: true },
  ];
  gateway = await startGateway({ sandbox, vars: { ...SOON, TENANTS: JSON.stringify(tenants) } });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
  access?.stop();
});

async function waiting(headers) {
  const reference_id = fresh("ACCESS");
  await post(gateway.url, "/v1/bank-accounts/verify", lostMoney(reference_id), headers);
  await settled(gateway.url, reference_id, headers);
  return reviewed(gateway, reference_id);
}

test("who is let in sees, follows and decides what waits, once, under their address", async () => {
  const check = await waiting();
  const asha = access.headers({ email: "asha@acme.example" });
  assert.equal((await check.get(asha)).json.key, "pending_review");
  assert.equal((await check.timeline(asha)).status, 200);
  const decided = await check.decide("verified", asha);
  assert.deepEqual([decided.status, decided.json.key], [200, "success_decided"]);
  assert.equal((await check.decide("verified", access.headers({ email: " Asha@ACME.example " }))).text, decided.text, "the same person");
  assert.equal((await check.decide("verified", access.headers({ email: "ravi@acme.example" }))).json.key, "error_check_is_final");
  assert.ok(!gateway.logs().join("\n").includes("asha@"));
});

test("the sandbox plays Access: its token is good for the tenant that has it as issuer", async () => {
  const check = await waiting(as("toran_played_key"));
  const play = async (body) => (await post(sandbox.url, "/_sandbox/access", body)).json.token;
  const by = (token) => ({ authorization: null, "cf-access-jwt-assertion": token });
  assert.equal((await check.decide("failed", by(await play({ email: "asha@acme.example", audience: "other" })))).status, 401);
  assert.equal((await check.decide("failed", by(await play({ email: "asha@acme.example", expires_in: -1 })))).status, 401);
  assert.equal((await check.decide("failed", by(await play({ email: "asha@acme.example" })))).json.outcome, "failed");
  assert.equal((await post(sandbox.url, "/_sandbox/access", {})).status, 400);
});

test("an operation is not theirs to call", async () => {
  const { status } = await post(gateway.url, "/v1/pan/verify", {}, access.headers({ email: "asha@acme.example" }));
  assert.equal(status, 401);
});

test("what is forged, over, for another application or nobody's decides nothing", async () => {
  const check = await waiting();
  const email = "asha@acme.example", past = Math.floor(Date.now() / 1000) - 1;
  const sound = access.token({ email });
  const [header, claims, signature] = sound.split(".");
  const unsigned = (alg) => `${access.encoded({ alg, kid: "key_0" })}.${claims}.`;
  const tokens = {
    "another's key": access.token({ email }, {}, access.stranger()),
    "a key that is not published": access.token({ email }, { kid: "key_9" }),
    "another person, the old signature": `${header}.${access.encoded({ ...JSON.parse(Buffer.from(claims, "base64url")), email: "eve@acme.example" })}.${signature}`,
    "a byte of the signature": sound.slice(0, -5) + (sound.at(-5) === "A" ? "B" : "A") + sound.slice(-4),
    "no signature": unsigned("none"), "a MAC": `${unsigned("HS256")}${signature}`, "no token": "x",
    over: access.token({ email, exp: past }), "not yet": access.token({ email, nbf: past + 600 }),
    "another application": access.token({ email, aud: ["other"] }), "another issuer": access.token({ email, iss: "https://evil.example" }),
    "a service": access.token({ common_name: "service" }), "two tokens": `${sound}, ${sound}`,
  };
  for (const [what, token] of Object.entries(tokens)) {
    const { status, json } = await check.decide("verified", { authorization: null, "cf-access-jwt-assertion": token });
    assert.deepEqual([status, json.key], [401, "error_unauthorized"], what);
  }
  // Other credentials count alone: a key that is wrong is not made good.
  assert.equal((await check.decide("verified", { ...access.headers({ email }), ...as("wrong") })).status, 401);
  assert.equal((await check.get()).json.key, "pending_review");
});

test("another tenant's people are nobody here", async () => {
  const check = await waiting();
  const { status, json } = await check.decide("verified", access.headers({ email: "asha@acme.example", aud: "second" }));
  assert.deepEqual([status, json.key], [404, "error_reference_id_not_found"]);
});

test("with four eyes a key's person and Access's are two, unless they are one", async () => {
  const check = await waiting(as("toran_careful_key"));
  const who = (email) => access.headers({ email, aud: ["second"] });
  assert.equal((await check.decide("failed", as("toran_mira_key"))).status, 202);
  assert.equal((await check.decide("failed", who("mira@acme.example"))).status, 202, "one person");
  assert.equal((await check.decide("failed", who("asha@acme.example"))).json.outcome, "failed");
});

test("keys are fetched once, again for a new one, and a failure of theirs is no answer", async () => {
  const vars = { ...SOON, TENANTS: JSON.stringify([{ id: "dev", keys: [], scopes: [], origins: [], access: { issuer: access.issuer, audience: access.audience } }]) };
  const other = await startGateway({ sandbox, vars });
  try {
    const ask = () => reviewed(other, "NEVER_MADE").get(access.headers({ email: "asha@acme.example" }));
    access.down(true);
    const failed = await ask();
    assert.deepEqual([failed.status, failed.json.key, failed.headers["retry-after"]], [503, "error_source_unavailable", "5"]);
    const asked = access.asked();
    assert.equal((await ask()).status, 503);
    assert.equal(access.asked(), asked, "one that is down is left alone");
  } finally {
    access.down(false);
    await other.stop();
  }
  const again = await startGateway({ sandbox, vars });
  try {
    const ask = (more) => reviewed(again, "NEVER_MADE").get(access.headers({ email: "asha@acme.example" }, more));
    const asked = access.asked();
    for (const _ of [1, 2, 3]) assert.equal((await ask()).status, 404);
    for (const _ of [1, 2, 3]) assert.equal((await ask({ kid: "unknown" })).status, 401);
    assert.equal(access.asked(), asked + 1);
  } finally {
    await again.stop();
  }
});
