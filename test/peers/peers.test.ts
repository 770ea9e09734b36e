// Runs real clients with what `paddock connect` prints and writes, against the demo.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENTS } from '../../src/client-settings/clients.ts';
import { NODE, ROOT, startServer, type ServerInstance } from '../runtimes/runtimes.ts';
import { installFromNpm, installFromPypi } from './install.ts';

const INSTALL_MS = 900_000;
const RUN_MS = 90_000;
const PADDOCK = join(ROOT, 'dist/cli/paddock.js');
const ANSWER = 'This is qwen3.6-27b, answering from sam-desktop.';
/** The window that the demo's default model declares. */
const WINDOW = 65_536;

let home: string;
let demo: ServerInstance;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'paddock-peers-'));
  mkdirSync(join(home, 'work'));
  demo = await startServer(NODE, { cwd: home, args: ['--demo'] });
});
afterAll(async () => {
  await demo.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Runs a program in an empty folder, without the user's files and settings. Returns its output. */
async function run(
  command: readonly string[],
  environment: Record<string, string> = {},
): Promise<string> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: join(home, 'work'),
    env: { PATH: process.env['PATH'], HOME: home, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: RUN_MS,
    killSignal: 'SIGKILL',
  });
  const [output, errors] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  const { exitCode, signalCode } = child;
  expect(exitCode, `${signalCode}: ${output}${errors}`).toBe(0);
  return output;
}

/** Runs `paddock connect` for a client of the demo. */
function connect(...args: string[]): Promise<string> {
  return run([process.execPath, PADDOCK, 'connect', ...args], { PADDOCK_URL: demo.url });
}

/** The shell commands that `paddock connect` prints for a client, with another last line. */
async function printShell(client: string, lastLine: string): Promise<string> {
  const { snippets } = JSON.parse(await connect(client, '--json'));
  const shell = snippets.find(({ language }: { language: string }) => language === 'sh');
  return shell.text.replace(/[^\n]*$/u, lastLine);
}

/** The release of a client that docs/clients.md says was run. */
function readVersion(client: string): string {
  const { checked = null } = CLIENTS.find(({ id }) => id === client) ?? {};
  return checked?.replace(/,.*$/u, '') ?? '';
}

describe('Claude Code', () => {
  const QUIET = { DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' };
  const ARGS = ['-p', 'Good day', '--output-format', 'json'];
  let program: string;

  beforeAll(async () => {
    const name = `@anthropic-ai/claude-code-${process.platform}-${process.arch}`;
    const folder = await installFromNpm(name, readVersion('claude-code'));
    program = join(folder, 'node_modules', name, 'claude');
  }, INSTALL_MS);

  const readWindows = (output: string) => {
    const { result, modelUsage } = JSON.parse(output);
    expect(result).toContain(ANSWER);
    return Object.entries<any>(modelUsage).map(([id, { contextWindow }]) => [id, contextWindow]);
  };

  it('answers with the variables for a shell, and knows the window', async () => {
    const command = [program, ...ARGS].map((word) => `'${word}'`).join(' ');
    const output = await run(['sh', '-c', await printShell('claude-code', command)], QUIET);
    expect(readWindows(output)).toEqual([['sam-desktop/qwen3.6-27b', WINDOW]]);
  });

  it('answers with the settings that --write merges', async () => {
    await connect('claude-code', '--write');
    expect(readWindows(await run([program, ...ARGS], QUIET))).toEqual([
      ['sam-desktop/qwen3.6-27b', WINDOW],
    ]);
  });
});

it(
  'Codex answers with the profile that --write makes, and knows the window',
  async () => {
    const folder = await installFromNpm('@openai/codex', readVersion('codex'));
    await connect('codex', '--write');
    const program = join(folder, 'node_modules/.bin/codex');
    const flags = ['--skip-git-repo-check', '--profile', 'paddock', '--json'];
    expect(await run([program, 'exec', ...flags, 'Good day'])).toContain(ANSWER);
    const sessions = join(home, '.codex/sessions');
    const files = readdirSync(sessions, { recursive: true, encoding: 'utf8' });
    const log = files.find((name) => name.endsWith('.jsonl')) ?? '';
    const window = /"model_context_window":(\d+)/u.exec(readFileSync(join(sessions, log), 'utf8'));
    // It keeps 5 % for itself.
    expect(Number(window?.[1])).toBe(Math.floor(WINDOW * 0.95));
  },
  INSTALL_MS,
);

it(
  'opencode answers with the configuration that --write merges, and knows the window',
  async () => {
    const name = `opencode-${process.platform}-${process.arch}`;
    const folder = await installFromNpm(name, readVersion('opencode'));
    const program = join(folder, 'node_modules', name, 'bin/opencode');
    const offline = {
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
      OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    };
    await connect('opencode', '--write');
    const models = await run([program, 'models', 'paddock', '--verbose'], offline);
    expect(models).toContain(`"context": ${WINDOW}`);
    // Without -m: the configuration names the model.
    expect(await run([program, 'run', 'Good day'], offline)).toContain(ANSWER);
  },
  INSTALL_MS,
);

it(
  'aider answers with the files that --write merges, and knows the window',
  async () => {
    const bin = await installFromPypi('aider-chat', readVersion('aider'));
    await connect('aider', '--write');
    const flags = ['--no-git', '--yes-always', '--no-check-update', '--no-analytics'];
    const aider = [join(bin, 'aider'), ...flags, '--no-pretty', '--message'];
    expect((await run([...aider, 'Good day'])).replaceAll(/\s+/gu, ' ')).toContain(ANSWER);
    expect(await run([...aider, '/tokens'])).toMatch(/65,536 tokens max context window size/u);
    // The variables for a shell do as well.
    rmSync(join(home, '.aider.conf.yml'));
    const command = `${aider.map((word) => `'${word}'`).join(' ')} 'Good day' --model openai/sam-desktop/qwen3.6-27b`;
    const output = await run(['sh', '-c', await printShell('aider', command)]);
    expect(output.replaceAll(/\s+/gu, ' ')).toContain(ANSWER);
  },
  INSTALL_MS,
);

it(
  'llm answers with the model that --write adds',
  async () => {
    const bin = await installFromPypi('llm', readVersion('llm'));
    await connect('llm', '--write');
    expect(await run([join(bin, 'llm'), '-m', 'paddock', 'Good day'])).toContain(ANSWER);
  },
  INSTALL_MS,
);
