import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { call, open, type Call } from '../call.ts';
import { findDeadPort } from '../hosts.ts';
import { createRecorder, say, type Recorder } from '../recorder.ts';
import { BARE_RUNTIMES, type Instance, type Runtime } from './runtimes.ts';

/** Where chat is. */
export const CHAT = '/v1/chat/completions';

/** The most that a body may have, in bytes. */
export const MAX_BODY_BYTES = 20 << 20;

/** A gateway on one of the runtimes, and the upstreams behind it. */
interface Gateway {
  readonly runtime: string;
  /** The llama-swap host of that name, with a token. */
  readonly one: Recorder;
  /** An OpenAI-compatible server without a token; also the llama-swap host named side, which has a sidecar. */
  readonly two: Recorder;
  readonly sidecar: Recorder;
  /** DeepSeek. */
  readonly cloud: Recorder;
  ask(path: string, options?: Call): ReturnType<typeof call>;
  begin(path: string, options?: Call): ReturnType<typeof open>;
  chat(model: string, rest?: string): ReturnType<typeof call>;
}

/** Tests the gateway on every runtime, over real sockets. */
export function describeGateway(title: string, define: (gateway: Gateway) => void): void {
  describe.each(BARE_RUNTIMES)(`the gateway on %s ${title}`, (name, make) => {
    const hosts = {
      one: createRecorder(),
      two: createRecorder(),
      sidecar: createRecorder(),
      cloud: createRecorder(),
    };
    let runtime: Runtime;
    let paddock: Instance;
    beforeAll(async () => {
      await Promise.all(Object.values(hosts).map((host) => host.start()));
      runtime = await make();
      paddock = await runtime.start(await toSettings(hosts));
    });
    afterAll(async () => {
      await paddock?.stop();
      await runtime?.close();
      await Promise.all(Object.values(hosts).map((host) => host.close()));
    });
    beforeEach(() => {
      for (const [label, host] of Object.entries(hosts)) {
        host.received.length = 0;
        host.reply(say(label));
      }
    });

    const ask = (path: string, options?: Call) => call(paddock.url + path, options);
    define({
      runtime: name,
      ...hosts,
      ask,
      begin: (path, options) => open(paddock.url + path, options),
      chat: (model, rest = '') => ask(CHAT, { body: `{"model":${JSON.stringify(model)}${rest}}` }),
    });
  });
}

async function toSettings(hosts: Record<'one' | 'two' | 'sidecar' | 'cloud', Recorder>) {
  const at = ({ port }: Recorder) => `127.0.0.1:${port}`;
  return {
    // With their windows configured, the providers receive nothing but what clients send.
    PROVIDERS: [
      `one=llama-swap://0ne-t0ken@${at(hosts.one)}?context=4096`,
      `two=openai://${at(hosts.two)}/base`,
      `side=llama-swap://s1de-t0ken@${at(hosts.two)}?context=4096&sidecar=http://${at(hosts.sidecar)}`,
      `dead=llama-swap://127.0.0.1:${await findDeadPort()}`,
    ].join(' '),
    MODEL_ALIASES: 'fast=one/org/m:q4',
    DEFAULT_MODEL: 'one/org/m:q4',
    DEEPSEEK_API_KEY: 'd33p-key',
    DEEPSEEK_BASE_URL: `http://${at(hosts.cloud)}`,
    MAX_BODY_BYTES: String(MAX_BODY_BYTES),
  };
}
