import pc from 'picocolors';
import { wantsColors } from '../runtime/environment.ts';
import { EXIT } from './exit-codes.ts';

/** Text in colours, or as it is where there is no terminal to show them. */
export type Colors = ReturnType<typeof pc.createColors>;

/** Where a command writes. */
export interface Terminal {
  readonly colors: Colors;
  /** Writes lines to the standard output. */
  print(text: string): void;
  /** Writes lines to the standard error stream, which no program reads as a result. */
  say(text: string): void;
  /** Shows that something is waited for, where somebody watches. */
  during<T>(text: string, work: Promise<T>): Promise<T>;
  /** Settles when everything has been written, or there is nobody left who reads it. */
  flush(): Promise<unknown>;
}

/** The process's own terminal. */
export function createTerminal({ stdout, stderr, env }: NodeJS.Process): Terminal {
  const writing: Promise<void>[] = [];
  const write = (stream: NodeJS.WriteStream, text: string) => {
    writing.push(new Promise((settle) => stream.write(`${text}\n`, () => settle())));
  };
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    // Whoever reads less than all, such as `head`, has seen enough.
    if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return;
    write(stderr, `The output could not be written (${code}).`);
    process.exit(EXIT.failed);
  });
  // There is nobody left to tell.
  stderr.on('error', () => {});
  return {
    // Left to itself, the library would colour whatever runs in CI.
    colors: pc.createColors(Boolean(stdout.isTTY) && wantsColors(env)),
    print: (text) => write(stdout, text),
    say: (text) => write(stderr, text),
    during: (text, work) => (stderr.isTTY ? watch(text, work) : work),
    flush: () => Promise.all(writing),
  };
}

/** Turns a spinner until some work is done. It is loaded meanwhile, for most of what is printed needs none. */
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
