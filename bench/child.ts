import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A process that the benchmark started. */
export interface Child {
  readonly pid: number;
  /** The first line that it printed. */
  readonly firstLine: string;
  /** Settles when it has ended. */
  readonly ended: Promise<void>;
  end(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) kill(child);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(1));
}

/**
 * Starts a program, which is Node where nothing else is said, and waits for the first line.
 * @throws where the process ends before that, or prints nothing for `patienceMs`
 */
export async function startChild(options: {
  command?: string;
  args: readonly string[];
  cwd: string;
  env?: Readonly<Record<string, string>>;
  patienceMs?: number;
  /** Whether nobody is to see what it complains of. */
  quiet?: boolean;
  /** The file that its standard error stream goes to. */
  logFile?: string;
  /** Is told each line that it prints. */
  tell?: (line: string) => void;
}): Promise<Child> {
  const { command = process.execPath, args, cwd, env = {}, patienceMs = 20_000 } = options;
  const log = options.logFile === undefined ? null : openSync(options.logFile, 'a');
  const child = spawn(command, args, {
    cwd,
    // Nothing of the caller's own settings may come in.
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['pipe', 'pipe', log ?? (options.quiet === true ? 'ignore' : 'inherit')],
    // A group of its own, so that what it starts ends with it.
    detached: true,
  });
  if (log !== null) closeSync(log);
  running.add(child);
  const ended = new Promise<void>((resolve) => {
    const settle = () => {
      running.delete(child);
      resolve();
    };
    child.once('exit', settle).once('error', settle);
  });
  const end = async () => {
    if (running.has(child)) kill(child);
    await ended;
  };
  if (options.tell !== undefined && child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', options.tell);
  }
  const firstLine = await readFirstLine(child, patienceMs);
  if (firstLine !== null && child.pid !== undefined)
    return { pid: child.pid, firstLine, ended, end };
  await end();
  throw new Error(`${args.join(' ')} did not print a first line within ${patienceMs} ms`);
}

function kill(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has just ended, or the system knows no groups.
    child.kill('SIGKILL');
  }
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
