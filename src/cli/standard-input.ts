import { fstatSync } from 'node:fs';

/** The standard input of a command. */
export interface StandardInput {
  /** A person who types, a pipe or file, or nothing. */
  readonly source: 'terminal' | 'pipe' | 'none';
  /** Reads it to its end. Returns null if its first byte does not arrive in time. */
  read(limits: {
    readonly maxBytes: number;
    /** In milliseconds; null waits for any time. */
    readonly firstByteMs: number | null;
  }): Promise<Uint8Array | 'too large' | null>;
}

/** Creates the standard input of a process. It is opened only when it is read. */
export function createStandardInput(process: NodeJS.Process): StandardInput {
  return {
    source: findSource(),
    async read({ maxBytes, firstByteMs }) {
      const { stdin } = process;
      const chunks = stdin.iterator() as AsyncIterableIterator<Buffer>;
      const held: Buffer[] = [];
      let size = 0;
      let next = chunks.next();
      if (firstByteMs !== null && !(await isWithin(next, firstByteMs))) {
        stdin.unref();
        return null;
      }
      for (;;) {
        const { done, value } = await next;
        if (done === true) return Buffer.concat(held);
        size += value.length;
        if (size > maxBytes) return 'too large';
        held.push(value);
        next = chunks.next();
      }
    },
  };
}

function findSource(): StandardInput['source'] {
  try {
    // Without `bigint`, Node 20 keeps the result where it resolves links of packages: after a pipe it resolves none.
    const stats = fstatSync(0, { bigint: true });
    // A program that starts this command may give it a socket instead of a pipe.
    if (stats.isFIFO() || stats.isFile() || stats.isSocket()) return 'pipe';
    return process.stdin.isTTY ? 'terminal' : 'none';
  } catch {
    return 'none';
  }
}

/** Whether a promise settles within a time in milliseconds. */
async function isWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((settle) => {
    timer = setTimeout(() => settle(false), milliseconds);
  });
  const inTime = promise.then(
    () => true,
    () => true,
  );
  return Promise.race([inTime, late]).finally(() => clearTimeout(timer));
}
