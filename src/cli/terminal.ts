import pc from 'picocolors';
import spinner from 'yocto-spinner';

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
}

/** The process's own terminal. */
export function createTerminal({ stdout, stderr, env }: NodeJS.Process): Terminal {
  // Whoever reads less than all, such as `head`, has seen enough.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const isPlain = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return {
    colors: pc.createColors(stdout.isTTY && !isPlain),
    print: (text) => void stdout.write(`${text}\n`),
    say: (text) => void stderr.write(`${text}\n`),
    during: async (text, work) => {
      if (!stderr.isTTY) return work;
      const shown = spinner({ text, stream: stderr }).start();
      try {
        return await work;
      } finally {
        shown.stop();
      }
    },
  };
}
