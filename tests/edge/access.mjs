// A double of Cloudflare Access: serves its keys where Access does, and signs what it would put into the header of each request.
import { createServer } from "node:http";
import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";

const encoded = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** Starts one. Answers `{ issuer, asked(), down(is), stranger(), token(claims, header, key), headers(claims), stop() }`. */
export async function startAccess({ audience = "a1b2c3" } = {}) {
  const made = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
  const keys = [made()];
  let asked = 0, isDown = false;
  const jwk = ({ publicKey }, index) => ({ ...publicKey.export({ format: "jwk" }), kid: `key_${index}`, alg: "RS256", use: "sig" });
  const server = createServer((request, response) => {
    asked += 1;
    const isKeys = request.url === "/cdn-cgi/access/certs" && !isDown;
    response.writeHead(isKeys ? 200 : 503, { "content-type": "application/json" });
    response.end(isKeys ? JSON.stringify({ keys: keys.map(jwk), public_cert: {} }) : "{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const now = Math.floor(Date.now() / 1000);
  const token = (claims = {}, header = {}, key = keys.at(-1).privateKey) => {
    const said = { aud: [audience], iss: issuer, iat: now, nbf: now, exp: now + 3600, type: "app", sub: "1", ...claims };
    const signed = `${encoded({ alg: "RS256", kid: `key_${keys.length - 1}`, typ: "JWT", ...header })}.${encoded(said)}`;
    return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
  };
  return {
    issuer, audience, token, encoded,
    asked: () => asked,
    down: (is) => (isDown = is),
    stranger: () => made().privateKey,
    // Node's fetch has no credentials of its own.
    headers: (claims, ...more) => ({ authorization: null, "cf-access-jwt-assertion": token(claims, ...more) }),
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
