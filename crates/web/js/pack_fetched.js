// How the entry "toran/url" comes to the IFSC registry: the file beside it.
export async function pack() {
  const answer = await fetch(new URL("./ifsc.bin", import.meta.url));
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
