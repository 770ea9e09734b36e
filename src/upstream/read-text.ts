/** Reads a body up to this many bytes after decompression, and cancels the rest. */
export async function readText(response: Response, maxBytes: number): Promise<string> {
  let text = '';
  for await (const part of readTexts(response, maxBytes)) text += part;
  return text;
}

/** Like `readText`, part by part. Returns whether it read the whole body. */
export async function* readTexts(
  { body }: Response,
  maxBytes: number,
): AsyncGenerator<string, boolean, void> {
  if (body === null) return true;
  const decoder = new TextDecoder();
  let left = maxBytes;
  for await (const bytes of body) {
    yield decoder.decode(bytes.subarray(0, left), { stream: true });
    left -= bytes.byteLength;
    if (left < 0) return false;
  }
  yield decoder.decode();
  return true;
}
