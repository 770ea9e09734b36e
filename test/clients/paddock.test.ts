import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { APICallError, generateObject, generateText, jsonSchema, streamText } from 'ai';
import { Miniflare } from 'miniflare';
import { build, type Rollup } from 'vite';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readBuiltProgram } from '../client/built-program.ts';
import { ROOT } from '../runtimes/runtimes.ts';
import { CLIENT_KEY, CLIENT_RUNTIMES, startFleet, toText, type TestFleet } from './fleet.ts';

type Client = typeof import('../../src/client/client.ts');

const BUILT = join(ROOT, 'dist/client.js');
const prompt = 'Good day';
const maxRetries = 0;

/** A Worker that uses the client. */
const WORKER = `
import { createPaddock } from ${JSON.stringify(BUILT)};
export default {
  async fetch(request) {
    const paddock = createPaddock({ url: new URL(request.url).searchParams.get('fleet') });
    const { id } = await paddock.resolve('b/shared');
    const content = [{ type: 'text', text: 'Good day' }];
    const reply = await paddock.languageModel(id).doGenerate({ prompt: [{ role: 'user', content }] });
    const refused = await paddock.unloadAll('no provider').catch(({ name, code }) => ({ name, code }));
    return Response.json({ id, reply: reply.content, refused });
  },
};`;

/** Bundles a program with all imports for a runtime with web standards only. */
async function bundle(program: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'paddock-client-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const entry = join(folder, 'worker.js');
  writeFileSync(entry, program);
  const built = await build({
    configFile: false,
    root: folder,
    logLevel: 'error',
    ssr: { target: 'webworker', noExternal: true },
    build: { ssr: entry, write: false, rollupOptions: { output: { codeSplitting: false } } },
  });
  const [chunk] = (built as Rollup.RollupOutput).output;
  return chunk.code;
}

describe.each(CLIENT_RUNTIMES)('the built client with Paddock on %s', (_name, make) => {
  let fleet: TestFleet;
  let paddock: ReturnType<Client['createPaddock']>;
  let PaddockApiError: Client['PaddockApiError'];

  beforeAll(async () => {
    fleet = await startFleet(make);
    const client = (await import(pathToFileURL(BUILT).href)) as Client;
    ({ PaddockApiError } = client);
    paddock = client.createPaddock({ url: fleet.url, apiKey: CLIENT_KEY });
  });
  afterAll(() => fleet?.close());

  it('lets the AI SDK generate with models of both providers', async () => {
    for (const [id, name] of [
      ['a/shared', 'host-a'],
      ['b/shared', 'host-b'],
      ['shared', 'host-a'],
      ['b/vendor/voice:q8', 'host-b'],
    ] as const) {
      const model = paddock.languageModel(id);
      const { text, finishReason, usage } = await generateText({ model, prompt, maxRetries });
      expect(text).toContain(` ${name}. You wrote: “Good day”`);
      expect(finishReason).toBe('stop');
      expect(usage.outputTokens).toBeGreaterThan(20);
    }
  });

  it('lets the AI SDK stream text and usage', async () => {
    const model = paddock.languageModel('b/shared');
    const whole = await generateText({ model, prompt, maxRetries });
    const release = fleet.b.holdAfter(1);
    const { textStream, usage, finishReason } = streamText({ model, prompt, maxRetries });
    const pieces: string[] = [];
    for await (const piece of textStream) {
      pieces.push(piece);
      release();
    }
    expect(pieces.length).toBeGreaterThan(10);
    expect(pieces.join('')).toBe(whole.text);
    expect(await finishReason).toBe('stop');
    const { inputTokens, outputTokens } = whole.usage;
    expect(await usage).toMatchObject({ inputTokens, outputTokens });
    expect(outputTokens).toBeGreaterThan(20);
  });

  it('lets the AI SDK ask for objects by a schema', async () => {
    const schema = jsonSchema({ type: 'object', properties: { days: { const: 3 } } });
    const model = paddock.languageModel('a/shared');
    const { object } = await generateObject({ model, prompt, maxRetries, schema });
    expect(object).toEqual({ days: 3 });
  });

  it('lets the AI SDK throw the errors of Paddock and of providers', async () => {
    for (const [id, statusCode, message] of [
      ['down/shared', 502, /^down refused the connection/u],
      ['a/', 400, /^The model ID names the provider "a" but no model\.$/u],
      ['b/absent', 404, /^no router for requested model$/u],
    ] as const) {
      const model = paddock.languageModel(id);
      const failure = generateText({ model, prompt, maxRetries }).catch((error: unknown) => error);
      expect(APICallError.isInstance(await failure)).toBe(true);
      const expected = { statusCode, message: expect.stringMatching(message) };
      expect(await failure).toMatchObject(expected);

      const thrown: unknown[] = [];
      const onError = ({ error }: { error: unknown }) => void thrown.push(error);
      await streamText({ model, prompt, maxRetries, onError }).consumeStream();
      expect(thrown).toMatchObject([expected]);
    }
  });

  it('unloads models and does not send its key to providers', async () => {
    await generateText({ model: paddock.languageModel('b/shared'), prompt, maxRetries });
    expect(await paddock.unload('b/shared')).toEqual({ provider: 'b', model: 'shared' });
    expect(fleet.b.running()).toEqual([]);
    const { providers } = await paddock.models({ refresh: true });
    expect(providers.map(({ name, status }) => [name, status])).toEqual([
      ['a', 'online'],
      ['b', 'online'],
      ['down', 'offline'],
    ]);
    const refused = await paddock.unloadAll('down').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(PaddockApiError);
    expect(refused).toMatchObject({ status: 502, code: 'provider_unreachable' });
    expect(fleet.b.received.length).toBeGreaterThan(0);
    expect(toText([...fleet.a.received, ...fleet.b.received])).not.toContain(CLIENT_KEY);
  });
});

describe('the built client', () => {
  it('contains no server code and imports two packages', () => {
    const { files, packages } = readBuiltProgram(BUILT);
    const sources = files
      .filter((file) => existsSync(`${file}.map`))
      .flatMap((file) => {
        const map = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as { sources: string[] };
        return map.sources.map((source) => relative(ROOT, join(dirname(file), source)));
      });
    expect(sources.toSorted()).toEqual([
      'src/client/client.ts',
      'src/client/language-models.ts',
      'src/client/paddock-api-error.ts',
      'src/client/read-answer.ts',
      'src/resolve/opencode-ref.ts',
    ]);
    expect(packages).toEqual(['@ai-sdk/openai-compatible', 'hono']);
  });

  it('runs with web standards only', async () => {
    const fleet = await startFleet(CLIENT_RUNTIMES[0]![1]);
    onTestFinished(() => fleet.close());
    // Without `nodejs_compat`, workerd refuses imports of Node's modules.
    const miniflare = new Miniflare({
      modules: [{ type: 'ESModule', path: 'worker.js', contents: await bundle(WORKER) }],
      compatibilityDate: '2026-01-01',
      host: '127.0.0.1',
      cf: false,
    });
    onTestFinished(() => miniflare.dispose());
    const url = new URL(`?fleet=${encodeURIComponent(fleet.url)}`, await miniflare.ready);
    expect(await (await fetch(url)).json()).toEqual({
      id: 'b/shared',
      reply: [{ type: 'text', text: expect.stringContaining(' host-b. You wrote: “Good day”') }],
      refused: { name: 'PaddockApiError', code: 'unknown_provider' },
    });
  });
});
