import pc from 'picocolors';
import { wantsColors } from '../runtime/environment.ts';
import { EXIT } from './exit-codes.ts';

/** Functions that color a text, or return it unchanged where the output has no colors. */
export type Colors = ReturnType<typeof pc.createColors>;

/** The output of a command. */
export interface Terminal {
  readonly colors: Colors;
  /** The width in columns; null if the standard output is not a terminal. */
  readonly width: number | null;
  /** Aborted when the reader of the standard output is gone. */
  readonly closed: AbortSignal;
  /** Writes lines to the standard output. */
  print(text: string): void;
  /** Writes a part of a stream to the standard output. Resolves when it is written, or the reader is gone. */
  write(part: string | Uint8Array): Promise<void>;
  /** Writes lines to standard error, apart from the results on standard output. */
  printError(text: string): void;
  /** Shows a spinner while some work is in progress, if a person can see it. */
  during<T>(text: string, work: Promise<T>): Promise<T>;
  /** Settles when all output has been written, or its reader is gone. */
  flush(): Promise<unknown>;
}

/** Creates the terminal of a process. */
export function createTerminal({ stdout, stderr, env }: NodeJS.Process): Terminal {
  const writing = new Set<Promise<void>>();
  const closing = new AbortController();
  const write = (stream: NodeJS.WriteStream, part: string | Uint8Array): Promise<void> => {
    const written = new Promise<void>((settle) => stream.write(part, () => settle())).finally(() =>
      writing.delete(written),
    );
    writing.add(written);
    return written;
  };
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    // The reader, such as `head`, needs no more output.
    if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return closing.abort();
    void write(stderr, `The output could not be written (${code}).\n`);
    process.exit(EXIT.failed);
  });
  // A failure of standard error cannot be reported.
  stderr.on('error', () => {});
  return {
    // By default the library enables colors in CI.
    colors: pc.createColors(Boolean(stdout.isTTY) && wantsColors(env)),
    width: stdout.isTTY ? stdout.columns : null,
    closed: closing.signal,
    print: (text) => void write(stdout, `${text}\n`),
    write: (part) => write(stdout, part),
    printError: (text) => void write(stderr, `${text}\n`),
    during: (text, work) => (stderr.isTTY ? watch(text, work) : work),
    flush: () => Promise.all(writing),
  };
}

/** Shows a spinner until some work is done. Loads the spinner's package on demand, because most commands do not need it. */
async function watch<T>(text: string, work: Promise<T>): Promise<T> {
  let isDone = false;
  const showing = import('yocto-spinner').then(({ default: spinner }) =>
    isDone ? null : spinner({ text, stream: process.stderr }).start(),
  );
  try {
    return await work;
  } finally {
    isDone = true;
    (await showing)?.stop();
  }
}
