// The built command as a process of its own, as a user starts it.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { makeFolder } from '../make-app.ts';
import { ROOT } from '../runtimes/runtimes.ts';

const PROGRAM = join(ROOT, 'dist/cli/paddock.js');
const PATIENCE_MS = 20_000;

/** How the command is started. */
export interface ProcessOptions {
  /** An empty one by default. */
  readonly cwd?: string;
  /** All of its environment but PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it runs on: Node by default. */
  readonly runtime?: string;
}

/** How it ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

/** A command that runs. */
export interface Running {
  readonly ended: Promise<Ended>;
  /** Everything that it has said so far. */
  output(): string;
  kill(signal: NodeJS.Signals): void;
  readonly stdout: Readable;
}

/** Starts the command. It ends with the test, however that ends. */
export function startPaddock(args: readonly string[], options: ProcessOptions = {}): Running {
  const { runtime = process.execPath, ...rest } = options;
  const running = start([runtime, PROGRAM, ...args], rest);
  onTestFinished(() => running.kill('SIGKILL'));
  return running;
}

/** Runs the command to its end. */
export function runPaddock(args: readonly string[], options: ProcessOptions = {}): Promise<Ended> {
  const { runtime = process.execPath, ...rest } = options;
  return start([runtime, PROGRAM, ...args], rest).ended;
}

/** Starts the command on a pseudo-terminal, which is both of its streams. */
export function startOnTerminal(args: readonly string[], options: ProcessOptions = {}): Running {
  const { runtime = process.execPath, env = {}, ...rest } = options;
  const pidFile = join(makeFolder(), 'pid');
  // What is started is a grandchild, and has to be known for a signal.
  const words = ['sh', '-c', 'echo $$ > "$0"; exec "$@"', pidFile, runtime, PROGRAM, ...args];
  const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const script =
    process.platform === 'darwin'
      ? ['script', '-q', '/dev/null', ...words]
      : ['script', '-qec', quoted, '/dev/null'];
  const running = start(script, { ...rest, env: { TERM: 'xterm-256color', ...env } });
  onTestFinished(() => running.kill('SIGKILL'));
  const kill = (signal: NodeJS.Signals) =>
    void process.kill(Number(readFileSync(pidFile, 'utf8')), signal);
  return { ...running, kill };
}

function start(
  words: readonly string[],
  { cwd = makeFolder(), env = {} }: ProcessOptions,
): Running {
  const [command = '', ...args] = words;
  const { PATH = '', HOME = '' } = process.env;
  const startedAt = performance.now();
  const child = spawn(command, args, {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] += text));
  }
  const output = () => said.stdout + said.stderr;
  const ended = new Promise<Ended>((settle, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`Not ended in time: ${words.join(' ')}\n${output()}`));
    }, PATIENCE_MS);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      settle({ code, signal, ...said, tookMs: performance.now() - startedAt });
    });
  });
  // Whoever waits for it is told; a test that ended before is not.
  ended.catch(() => {});
  return {
    ended,
    output,
    kill: (signal) => void child.kill(signal),
    stdout: child.stdout,
  };
}
