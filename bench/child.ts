import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A process that the benchmark started. */
export interface Child {
  readonly pid: number;
  /** The first line that it printed. */
  readonly firstLine: string;
  end(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/**
 * Starts Node with some arguments, and waits for the first line.
 * @throws where the process ends before that, or prints nothing for `patienceMs`
 */
export async function startChild(options: {
  args: readonly string[];
  cwd: string;
  env?: Readonly<Record<string, string>>;
  patienceMs?: number;
}): Promise<Child> {
  const { args, cwd, env = {}, patienceMs = 20_000 } = options;
  const child = spawn(process.execPath, args, {
    cwd,
    // Nothing of the caller's own settings may come in.
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const end = async () => {
    if (!running.has(child)) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const firstLine = await readFirstLine(child, patienceMs);
  if (firstLine !== null && child.pid !== undefined) return { pid: child.pid, firstLine, end };
  await end();
  throw new Error(`${args.join(' ')} did not print a first line within ${patienceMs} ms`);
}

function readFirstLine({ stdout }: ChildProcess, patienceMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const settle = (line: string | null) => {
      clearTimeout(timer);
      resolve(line);
    };
    const timer = setTimeout(settle, patienceMs, null);
    if (stdout === null) return settle(null);
    // Reading goes on, so that the pipe never fills up.
    createInterface({ input: stdout })
      .once('line', settle)
      .once('close', () => settle(null));
  });
}
