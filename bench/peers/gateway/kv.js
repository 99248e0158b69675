// KV for every side of the bench: in memory, no expiry. workerd asks it over HTTP.
const values = new Map();

export default {
  async fetch(request) {
    const key = new URL(request.url).pathname;
    if (request.method === "PUT") {
      values.set(key, await request.arrayBuffer());
      return new Response(null);
    }
    const value = values.get(key);
    return value ? new Response(value) : new Response(null, { status: 404 });
  },
};
