// How the default entry comes to the IFSC registry: a module of its own with the compressed bytes as text, which bundlers take along without an option.
export async function pack() {
  const { default: text } = await import("toran:ifsc");
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt());
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}
