// A program of a caller's that is told of events: it keeps what it received and answers as a test says. `down` takes its port away, `up` brings it back.
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";
import { freePort } from "../../tools/process.mjs";

/**
 * `{ url, received, taken, ids(), verified(secret), answer(how), down(), up(), stop() }`; `taken` are those that it answered with a 2xx. `how`: a status, or a function of the event, its number from 0 and the response that answers a status or `undefined` where it
 * answered itself.
 */
export async function startReceiver() {
  const port = await freePort();
  const received = [], taken = [];
  let how = 204;
  const take = async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const event = JSON.parse(body || "null");
    const delivery = { method: request.method, path: request.url, headers: request.headers, body, event };
    received.push(delivery);
    const status = typeof how === "function" ? await how(event, received.length - 1, response) : how;
    if (status >= 200 && status < 300) taken.push(delivery);
    if (status !== undefined) response.writeHead(status).end();
  };
  let server;
  const up = () => new Promise((resolve) => {
    server = createServer((request, response) => take(request, response).catch(() => response.destroy()));
    server.listen(port, "127.0.0.1", resolve);
  });
  const down = () => new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  await up();
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    taken,
    ids: () => received.map(({ event }) => event.id),
    /** What the reference implementation of Standard Webhooks accepts of it; it throws at what it does not. */
    verified: (secret) => received.map(({ body, headers }) => new Webhook(secret).verify(body, headers)),
    answer: (answers) => (how = answers),
    down,
    up,
    stop: down,
  };
}
