import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { call, open, type Call } from '../call.ts';
import { findDeadPort } from '../hosts.ts';
import { answerName, createRecorder, type Recorder } from '../recorder.ts';
import { RUNTIMES, type Instance, type Runtime } from './runtimes.ts';

/** The chat route. */
export const CHAT = '/v1/chat/completions';

/** The limit of bodies. */
export const MAX_BODY_BYTES = 20 << 20;

/** A Paddock on one of the runtimes and its upstreams. */
interface Gateway {
  readonly runtime: string;
  /** The llama-swap provider `one`, with a token. */
  readonly one: Recorder;
  /** The OpenAI-compatible provider `two` without a token. Also the llama-swap provider `side` with a sidecar. */
  readonly two: Recorder;
  readonly sidecar: Recorder;
  /** DeepSeek. */
  readonly cloud: Recorder;
  ask(path: string, options?: Call): ReturnType<typeof call>;
  begin(path: string, options?: Call): ReturnType<typeof open>;
  chat(model: string, rest?: string): ReturnType<typeof call>;
}

/** Defines tests of the gateway on every runtime. */
export function describeGateway(title: string, define: (gateway: Gateway) => void): void {
  describe.each(RUNTIMES)(`the gateway on %s ${title}`, (name, make) => {
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
        host.reply(answerName(label));
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
    // With configured context windows, Paddock sends no requests of its own.
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
