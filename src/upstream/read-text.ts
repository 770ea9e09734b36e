/** A body as text, or as much of it as was to be read. */
export interface ReadText {
  readonly text: string;
  /** Whether this is all of it. */
  readonly isWhole: boolean;
}

/**
 * Reads a body up to a bound, in bytes after decompression, and lets go of the rest.
 * @throws the signal's reason once it is aborted: Node's `fetch` leaves a body that it cannot unpack open for ever, its
 * own signal notwithstanding; and whatever breaks the body off
 */
export async function readText(
  response: Response,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Promise<ReadText> {
  if (response.body === null) return { text: '', isWhole: true };
  const reader = response.body.getReader();
  // How its end is met no longer matters, here as below.
  const letGo = () => void reader.cancel().catch(() => {});
  signal.addEventListener('abort', letGo);
  try {
    signal.throwIfAborted();
    const decoder = new TextDecoder();
    let text = '';
    for (let left = maxBytes; ;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return { text: text + decoder.decode(), isWhole: true };
      text += decoder.decode(value.subarray(0, left), { stream: true });
      left -= value.byteLength;
      if (left >= 0) continue;
      letGo();
      return { text, isWhole: false };
    }
  } finally {
    signal.removeEventListener('abort', letGo);
  }
}
