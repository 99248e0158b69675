// Bytes on a socket as they are: for requests that no HTTP client would send.
import { connect } from "node:net";

/**
 * Writes the parts one after the other and reads until the other side is silent. Answers `{ status, headers, text, json }` of the first
 * response, or `{ status: 0 }` when the connection was closed without one. `half`: the end of the writing side is sent too. `patience` for the first byte and `silence` after it: milliseconds.
 */
export function exchange(port, parts, { half = false, patience = 10_000, silence = 300 } = {}) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const chunks = [];
    const done = () => {
      socket.destroy();
      resolve(response(Buffer.concat(chunks).toString("latin1")));
    };
    socket.setTimeout(patience, done);
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      socket.setTimeout(silence);
    });
    socket.on("error", done).on("close", done);
    socket.on("connect", () => {
      for (const part of parts) socket.write(part);
      if (half) socket.end();
    });
  });
}

function response(text) {
  const [, status] = text.match(/^HTTP\/1\.1 (\d{3})/) ?? [];
  if (!status) return { status: 0, headers: {}, text };
  const [head, ...rest] = text.split("\r\n\r\n");
  const headers = Object.fromEntries(head.split("\r\n").slice(1).map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
  const body = rest.join("\r\n\r\n");
  const json = body.slice(body.indexOf("{"), body.lastIndexOf("}") + 1);
  return { status: Number(status), headers, text: body, json: parsed(json) };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
