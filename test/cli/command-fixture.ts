// Runs commands in this process, against an app that listens on a real port.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import pc from 'picocolors';
import { onTestFinished } from 'vitest';
import { toExitCode, type ExitCode } from '../../src/cli/exit-codes.ts';
import { createProgram } from '../../src/cli/program.ts';
import type { StandardInput } from '../../src/cli/standard-input.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { toFailureMessage } from '../../src/cli/to-failure-message.ts';
import { deliverOnNode } from '../../src/runtime/node/deliver-on-node.ts';
import { createNodeServer } from '../../src/runtime/node/node-server.ts';
import { createNodeTransport } from '../../src/runtime/node/node-transport.ts';
import { createRefuse } from '../../src/runtime/refuse.ts';
import { createRedact } from '../../src/telemetry/redact.ts';
import { startHost, type StartedHost } from '../demo/host-fixture.ts';
import { makeApp } from '../make-app.ts';

/** The result of a command. */
interface Ended {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** The streams and the terminal of a command. */
interface Streams {
  /** The width of its terminal; by default its output is a pipe. */
  readonly width?: number;
  readonly colors?: boolean;
  /** Its standard input; none by default. */
  readonly input?: Partial<StandardInput>;
  /** Called with each part that it prints. */
  readonly onWrite?: (text: string) => void;
  readonly closed?: AbortSignal;
}

/** Runs a command until it ends. */
async function run(args: readonly string[], streams: Streams = {}): Promise<Ended> {
  const { width = null, colors = false, input, onWrite, closed } = streams;
  const said = { stdout: '', stderr: '' };
  const print = (text: string) => {
    said.stdout += text;
    onWrite?.(text);
  };
  const terminal: Terminal = {
    colors: pc.createColors(colors),
    width,
    closed: closed ?? new AbortController().signal,
    print: (text) => print(`${text}\n`),
    write: async (part) => print(typeof part === 'string' ? part : new TextDecoder().decode(part)),
    printError: (text) => (said.stderr += `${text}\n`),
    during: (_text, work) => work,
    flush: async () => {},
  };
  let code: ExitCode = 0;
  const program = createProgram({
    terminal,
    input: { source: 'none', read: async () => null, ...input },
    setExitCode: (other) => (code = other),
    keepRunning: () => {},
  });
  await program.parseAsync(args, { from: 'user' }).catch((error: unknown) => {
    code = toExitCode(error);
    terminal.printError(toFailureMessage(error));
  });
  return { code, ...said };
}

/** A Paddock that listens, and the function that runs commands against it. */
export interface Started {
  readonly url: string;
  readonly run: (line: string | readonly string[], streams?: Streams) => Promise<Ended>;
}

/** Starts a Paddock on Node's server in this process, until the test ends. */
export async function startPaddock(settings: Record<string, string>): Promise<Started> {
  const { inbound, transport, serve } = createNodeTransport();
  const app = makeApp(settings, { deliver: deliverOnNode, inbound, transport });
  const refuse = createRefuse([{ ended: app.log.request }], createRedact([]));
  const server = createNodeServer(serve(app.fetch), { refuse });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    run: (line, streams) => {
      const args = typeof line === 'string' ? line.split(' ') : line;
      return run([...args, '--url', url], streams);
    },
  };
}

/** Starts two simulated llama-swaps, `a` and `b`, and a Paddock for them and an openai provider without a server. */
export async function startFleet(
  options: {
    readonly a?: Parameters<typeof startHost>[0];
    readonly settings?: Record<string, string>;
  } = {},
): Promise<Started & { readonly a: StartedHost; readonly b: StartedHost }> {
  const [a, b] = await Promise.all([
    startHost({ name: 'host-a', loaded: 'vendor/big:q4', ...options.a }),
    startHost({
      name: 'host-b',
      models: [
        { id: 'only-b', loadMs: 10 },
        { id: 'small', loadMs: 10 },
      ],
    }),
  ]);
  const at = ({ url }: StartedHost) => new URL(url).host;
  const PROVIDERS = `a=llama-swap://${at(a)} b=llama-swap://${at(b)} c=openai://127.0.0.1:1`;
  return { ...(await startPaddock({ PROVIDERS, ...options.settings })), a, b };
}
