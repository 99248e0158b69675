// The platform's UTF-8, and for places without it (jsdom in Jest) as much of it as is used: what comes out of the wasm is well-formed, and half a
// character goes in as U+FFFD. Of the CommonJS entry alone.
const escaped = (byte) => `%${byte.toString(16).padStart(2, "0")}`;

class Decoder {
  decode(bytes = []) {
    return decodeURIComponent(Array.from(bytes, escaped).join(""));
  }
}

class Encoder {
  encode(text) {
    const written = encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")).match(/%..|[^]/g) ?? [];
    return Uint8Array.from(written, (one) => (one.length > 1 ? parseInt(one.slice(1), 16) : one.charCodeAt()));
  }

  encodeInto(text, target) {
    const bytes = this.encode(text);
    target.set(bytes);
    return { read: text.length, written: bytes.length };
  }
}

const { TextDecoder = Decoder, TextEncoder = Encoder } = globalThis;

export { TextDecoder, TextEncoder };
