/** A body as text, or as much of it as was to be read. */
export interface ReadText {
  readonly text: string;
  /** Whether this is all of it. */
  readonly isWhole: boolean;
}

/** Reads a body up to a bound, in bytes after decompression, and lets go of the rest. */
export async function readText(response: Response, maxBytes: number): Promise<ReadText> {
  if (response.body === null) return { text: '', isWhole: true };
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let left = maxBytes; ;) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), isWhole: true };
    text += decoder.decode(value.subarray(0, left), { stream: true });
    left -= value.byteLength;
    if (left >= 0) continue;
    // How the end of the rest is met no longer matters.
    reader.cancel().catch(() => {});
    return { text, isWhole: false };
  }
}
