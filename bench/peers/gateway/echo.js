// The floor: reads the body and sends it back.
export default {
  async fetch(request) {
    return new Response(await request.text(), { status: 400, headers: { "content-type": "application/problem+json" } });
  },
};
