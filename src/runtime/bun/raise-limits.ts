/** What Bun reads of its environment as it starts, and what it finds there from now on. */
const LIMITS = {
  // The most that it takes. It would hold back more than 256 requests without a word.
  BUN_CONFIG_MAX_HTTP_REQUESTS: '65336',
  // Threads, by default one for each core. A name that no name server answers for holds one for ten seconds or more, and
  // while such names hold all of them, no other name is looked up, no file is read and no answer compressed.
  UV_THREADPOOL_SIZE: '32',
};

/**
 * Lets Bun have as many requests and lookups under way as there are, where the environment does not say how many. The
 * process becomes a new one of the same number; where the system cannot do that, Bun's own limits stay.
 */
export function raiseLimits(): void {
  if (Object.keys(LIMITS).every((name) => process.env[name] !== undefined)) return;
  const { execPath, execArgv, argv, env } = process;
  // Bun's types lack what it shares with Node 22.15.
  const { execve } = process as unknown as {
    execve?(file: string, args: readonly string[], env: Record<string, string | undefined>): never;
  };
  if (process.platform === 'win32' || execve === undefined) return;
  execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...LIMITS, ...env });
}
