interface Bounds {
  /** The most bytes to read, after decompression. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Reads a body up to a bound and cancels the rest.
 * @throws the signal's reason once it is aborted, and any error that breaks off the body
 */
export async function readText(response: Response, bounds: Bounds): Promise<string> {
  const parts = readTexts(response, bounds);
  let text = '';
  for (;;) {
    const part = await parts.next();
    if (part.done === true) return text;
    text += part.value;
  }
}

/**
 * Reads a body up to a bound, part by part, and returns whether it read the whole body. A caller that wants no more parts
 * calls `return()`.
 * @throws the signal's reason once it is aborted, and any error that breaks off the body. The signal is checked here
 * because Node's `fetch` never closes a body that it cannot decompress, even if its own signal is aborted.
 */
export async function* readTexts(
  response: Response,
  { maxBytes, signal }: Bounds,
): AsyncGenerator<string, boolean, void> {
  if (response.body === null) return true;
  const reader = response.body.getReader();
  // The body is no longer needed, so a failed cancellation is ignored.
  const cancel = () => void reader.cancel().catch(() => {});
  signal.addEventListener('abort', cancel);
  let isOpen = true;
  try {
    signal.throwIfAborted();
    const decoder = new TextDecoder();
    for (let left = maxBytes; left >= 0;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) {
        isOpen = false;
        yield decoder.decode();
        return true;
      }
      yield decoder.decode(value.subarray(0, left), { stream: true });
      left -= value.byteLength;
    }
    return false;
  } finally {
    signal.removeEventListener('abort', cancel);
    if (isOpen) cancel();
  }
}
