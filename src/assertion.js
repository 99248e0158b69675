// Verifies a signature by RS256 (RFC 7518 section 3.3), under a JWK as JSON text.
export async function verifies(jwk, signed, signature) {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", JSON.parse(jwk), algorithm, false, ["verify"]);
  return crypto.subtle.verify(algorithm, key, signature, new TextEncoder().encode(signed));
}
