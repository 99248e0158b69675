// The vendors of production's settings: the sandbox knows the credentials of development only, so they are exchanged on the way.
export default {
  async fetch(request, { SANDBOX }) {
    const headers = [...request.headers].map(([name, value]) => [name, value.replace("bench_", "development_")]);
    return SANDBOX.fetch(new Request(request, { headers }));
  },
};
