import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A process that a tool started. */
export interface Child {
  readonly pid: number;
  /** The first line that it printed. */
  readonly firstLine: string;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  /** Kills the process and everything that it started. */
  end(): Promise<void>;
}

/** How to start a process. */
interface ChildOptions {
  /** The program; Node by default. */
  readonly command?: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The environment, apart from PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long to wait for the first line. */
  readonly timeoutMs?: number;
  /** Where standard error goes: a file, nowhere (`null`), or this process's own by default. */
  readonly stderr?: string | null;
  readonly onLine?: (line: string) => void;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) kill(child);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(1));
}

/**
 * Starts a program and waits for its first line.
 * @throws if the process ends before that, or prints nothing within `timeoutMs`
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { args, timeoutMs = 20_000, onLine } = options;
  const child = spawnChild(options);
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
  if (onLine !== undefined && child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', onLine);
  }
  const firstLine = await readFirstLine(child, timeoutMs);
  if (firstLine !== null && child.pid !== undefined)
    return { pid: child.pid, firstLine, ended, end };
  await end();
  throw new Error(`${args.join(' ')} did not print a first line within ${timeoutMs} ms`);
}

function spawnChild({ command, args, cwd = '/', env, stderr }: ChildOptions): ChildProcess {
  const file = typeof stderr === 'string' ? openSync(stderr, 'a') : null;
  const child = spawn(command ?? process.execPath, args, {
    cwd,
    // Nothing else: the caller's own settings must not reach it.
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['pipe', 'pipe', file ?? (stderr === null ? 'ignore' : 'inherit')],
    // A process group of its own, so that what it starts ends with it.
    detached: true,
  });
  if (file !== null) closeSync(file);
  return child;
}

function kill(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The process has just ended, or the system has no process groups.
    child.kill('SIGKILL');
  }
}

function readFirstLine({ stdout }: ChildProcess, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const settle = (line: string | null) => {
      clearTimeout(timer);
      resolve(line);
    };
    const timer = setTimeout(settle, timeoutMs, null);
    if (stdout === null) return settle(null);
    // Keeps reading after the first line, so that the pipe never fills up.
    createInterface({ input: stdout })
      .once('line', settle)
      .once('close', () => settle(null));
  });
}
