import pc from 'picocolors';
import { wantsColors } from '../runtime/environment.ts';
import { EXIT } from './exit-codes.ts';

/** Functions that color a text, or return it unchanged where the output has no colors. */
export type Colors = ReturnType<typeof pc.createColors>;

/** The output of a command. */
export interface Terminal {
  readonly colors: Colors;
  /** Writes lines to the standard output. */
  print(text: string): void;
  /** Writes lines to standard error, apart from the results on standard output. */
  printError(text: string): void;
  /** Shows a spinner while some work is in progress, if a person can see it. */
  during<T>(text: string, work: Promise<T>): Promise<T>;
  /** Settles when all output has been written, or its reader is gone. */
  flush(): Promise<unknown>;
}

/** Creates the terminal of a process. */
export function createTerminal({ stdout, stderr, env }: NodeJS.Process): Terminal {
  const writing: Promise<void>[] = [];
  const write = (stream: NodeJS.WriteStream, text: string) => {
    writing.push(new Promise((settle) => stream.write(`${text}\n`, () => settle())));
  };
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    // The reader, such as `head`, needs no more output.
    if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return;
    write(stderr, `The output could not be written (${code}).`);
    process.exit(EXIT.failed);
  });
  // A failure of standard error cannot be reported.
  stderr.on('error', () => {});
  return {
    // By default the library enables colors in CI.
    colors: pc.createColors(Boolean(stdout.isTTY) && wantsColors(env)),
    print: (text) => write(stdout, text),
    printError: (text) => write(stderr, text),
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
