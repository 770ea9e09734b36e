/** A body as text, or as much of it as was to be read. */
export interface ReadText {
  readonly text: string;
  /** Whether this is all of it. */
  readonly isWhole: boolean;
}

/** How much of a body is read. */
interface Bounds {
  /** In bytes after decompression. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Reads a body up to a bound, and lets go of the rest.
 * @throws the signal's reason once it is aborted, and whatever breaks the body off
 */
export async function readText(response: Response, bounds: Bounds): Promise<ReadText> {
  const parts = readTexts(response, bounds);
  let text = '';
  for (;;) {
    const part = await parts.next();
    if (part.done === true) return { text, isWhole: part.value };
    text += part.value;
  }
}

/**
 * The same, part by part; answers whether that is all of the body. To be ended by `return()` where no more is wanted.
 * @throws the signal's reason once it is aborted: Node's `fetch` leaves a body that it cannot unpack open for ever, its
 * own signal notwithstanding; and whatever breaks the body off
 */
export async function* readTexts(
  response: Response,
  { maxBytes, signal }: Bounds,
): AsyncGenerator<string, boolean, void> {
  if (response.body === null) return true;
  const reader = response.body.getReader();
  // How its end is met no longer matters, here as below.
  const letGo = () => void reader.cancel().catch(() => {});
  signal.addEventListener('abort', letGo);
  let isLeft = true;
  try {
    signal.throwIfAborted();
    const decoder = new TextDecoder();
    for (let left = maxBytes; left >= 0;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) {
        isLeft = false;
        yield decoder.decode();
        return true;
      }
      yield decoder.decode(value.subarray(0, left), { stream: true });
      left -= value.byteLength;
    }
    return false;
  } finally {
    signal.removeEventListener('abort', letGo);
    if (isLeft) letGo();
  }
}
