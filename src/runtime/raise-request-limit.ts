/** What Bun calls it, and the most that it takes. */
const NAME = 'BUN_CONFIG_MAX_HTTP_REQUESTS';
const MOST = '65336';

/**
 * Lets Bun have more than 256 requests under way, which it would otherwise hold back without a word. It reads the limit
 * as it starts, so the process becomes a new one of the same number; where the system cannot do that, the limit stays.
 */
export function raiseRequestLimit(): void {
  if (process.env[NAME] !== undefined) return;
  const { execPath, execArgv, argv, env } = process;
  // Bun's types lack what it shares with Node 22.15.
  const { execve } = process as unknown as {
    execve?(file: string, args: readonly string[], env: Record<string, string | undefined>): never;
  };
  if (process.platform === 'win32' || execve === undefined) return;
  execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...env, [NAME]: MOST });
}
