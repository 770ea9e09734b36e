// The built command as a process.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { makeFolder } from '../make-app.ts';
import { ROOT } from '../runtimes/runtimes.ts';

const PROGRAM = join(ROOT, 'dist/cli/paddock.js');
const PATIENCE_MS = 20_000;

/** How to start the command. */
export interface ProcessOptions {
  /** A new folder by default. */
  readonly cwd?: string;
  /** Its environment, besides PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
  /** The runtime: Node by default. */
  readonly runtime?: string;
  /** Its standard input, through a pipe; empty by default. */
  readonly input?: string;
}

/** The result of a command. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

/** A running command. */
export interface Running {
  readonly ended: Promise<Ended>;
  /** Its output so far. */
  output(): string;
  kill(signal: NodeJS.Signals): void;
  readonly stdout: Readable;
}

/** Starts the command and kills it when the test has finished. */
export function startPaddock(args: readonly string[], options: ProcessOptions = {}): Running {
  const { runtime = process.execPath, ...rest } = options;
  const running = start([runtime, PROGRAM, ...args], rest);
  onTestFinished(() => running.kill('SIGKILL'));
  return running;
}

/** Runs the command until it ends. */
export function runPaddock(args: readonly string[], options: ProcessOptions = {}): Promise<Ended> {
  const { runtime = process.execPath, ...rest } = options;
  return start([runtime, PROGRAM, ...args], rest).ended;
}

/** Starts the command on a pseudo-terminal. */
export function startOnTerminal(args: readonly string[], options: ProcessOptions = {}): Running {
  const { runtime = process.execPath, env = {}, ...rest } = options;
  const pidFile = join(makeFolder(), 'pid');
  // Signals need the ID of the process below `script`.
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
  { cwd = makeFolder(), env = {}, input = '' }: ProcessOptions,
): Running {
  const [command = '', ...args] = words;
  const { PATH = '', HOME = '' } = process.env;
  const startedAt = performance.now();
  const child = spawn(command, args, {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
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
  // A test that has finished does not wait for it.
  ended.catch(() => {});
  return {
    ended,
    output,
    kill: (signal) => void child.kill(signal),
    stdout: child.stdout,
  };
}
