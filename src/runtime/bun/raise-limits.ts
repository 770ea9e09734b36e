/** The variables that Bun reads when it starts, and their raised values. */
const LIMITS = {
  // The maximum that Bun accepts. By default it silently holds back more than 256 requests.
  BUN_CONFIG_MAX_HTTP_REQUESTS: '65336',
  // Threads, by default one per core. A name that no name server answers for blocks a thread for ten seconds or more.
  // While such names block all threads, no other name is looked up, no file is read and no response is compressed.
  UV_THREADPOOL_SIZE: '32',
};

/**
 * Raises Bun's limits of concurrent requests and lookups, unless the environment sets them. The process replaces itself
 * and keeps its process ID. If the system cannot do that, Bun's own limits stay.
 */
export function raiseLimits(): void {
  if (Object.keys(LIMITS).every((name) => process.env[name] !== undefined)) return;
  const { execPath, execArgv, argv, env } = process;
  // Bun's types lack `execve`, which it shares with Node 22.15.
  const { execve } = process as unknown as {
    execve?(file: string, args: readonly string[], env: Record<string, string | undefined>): never;
  };
  if (process.platform === 'win32' || execve === undefined) return;
  execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...LIMITS, ...env });
}
