import { describe, expect, onTestFinished, test } from 'vitest';
import { LAB_SERVER_MODELS, SAM_DESKTOP_MODELS } from '../../demo/fleet-models.ts';
import { startDemoFleet } from '../../demo/fleet.ts';
import { listen } from '../../demo/listen.ts';
import { sleep } from '../../demo/sleep.ts';
import { chat, getJson, open, send, startHost, states } from './host-fixture.ts';
import type { ModelsBody } from './host-fixture.ts';

async function listIds(url: string, init: RequestInit = {}): Promise<string[]> {
  const { data } = await getJson<ModelsBody>(`${url}/v1/models`, init);
  return data.map(({ id }) => id);
}

describe('a listener', () => {
  test('ends open connections when it closes, and frees its port', async () => {
    const host = await startHost({ loaded: 'small', tokensPerSecond: 5 });
    const response = await chat(host.url, { model: 'small', stream: true });
    await host.listener.close();
    await expect(response.text()).rejects.toThrow();
    await expect(fetch(`${host.url}/health`)).rejects.toThrow();
    const again = await listen(host.fetch, { port: host.listener.port });
    open.push(again);
    expect(again.url).toBe(host.url);
    expect((await fetch(`${host.url}/health`)).status).toBe(200);
    await expect(listen(host.fetch, { port: again.port })).rejects.toThrow(/EADDRINUSE/);
  });
});

describe('the demo fleet', () => {
  test.each([
    ['audio_speech', 'whisper-large-v3-turbo'],
    ['audio_transcriptions', 'whisper-large-v3-turbo'],
    ['image_generation', 'flux.2-klein-4b'],
    ['image_to_image', 'flux.2-klein-4b'],
    ['reranker', 'bge-reranker-v2-m3'],
  ])('lists a model with the capability %s: %s', (capability, id) => {
    const models = [...SAM_DESKTOP_MODELS, ...LAB_SERVER_MODELS].filter((model) => !model.unlisted);
    const fitting = models.filter(({ capabilities }) => capabilities?.includes(capability));
    expect(fitting.map((model) => model.id)).toContain(id);
  });

  test('has three hosts, two of which share exactly five models, one with a key', async () => {
    const fleet = await startDemoFleet();
    try {
      const [sam, lab, attic] = fleet.hosts;
      const headers = { authorization: `Bearer ${lab?.apiKey}` };
      const samIds = await listIds(sam!.url);
      const labIds = await listIds(lab!.url, { headers });
      const atticIds = await listIds(attic!.url);
      expect([samIds.length, labIds.length, atticIds.length]).toEqual([9, 11, 3]);
      expect(atticIds.filter((id) => [...samIds, ...labIds].includes(id))).toEqual([]);
      expect(samIds.filter((id) => labIds.includes(id))).toHaveLength(5);
      expect((await fetch(`${lab?.url}/v1/models`)).status).toBe(401);
      expect(fleet.hosts.map(({ host }) => states(host))).toEqual([
        [['qwen3.6-27b', 'ready']],
        [['gpt-oss-120b', 'ready']],
        [['qwen3-4b', 'ready']],
      ]);
      expect(fleet.providers).toMatch(
        /^sam-desktop=llama-swap:\/\/127\.0\.0\.1:\d+\?label=Sam's%20desktop lab-server=llama-swap:\/\/demo-lab-key@127\.0\.0\.1:\d+\?label=Lab%20server attic=llama-server:\/\/127\.0\.0\.1:\d+\?label=Attic%20mini%20PC$/,
      );
    } finally {
      await fleet.close();
    }
  });

  test('refuses text for models that write none, as their servers do', async () => {
    const fleet = await startDemoFleet({ sleep: async () => {} });
    onTestFinished(() => fleet.close());
    const [sam, lab, attic] = fleet.hosts.map(({ url }) => url);
    const headers = {
      'content-type': 'application/json',
      authorization: 'Bearer demo-lab-key',
    };
    const rows = [
      [sam, 'qwen3-embedding-0.6b', 501],
      [lab, 'bge-reranker-v2-m3', 501],
      [attic, 'ggml-org/embeddinggemma-300M-GGUF:Q8_0', 501],
      [sam, 'whisper-large-v3-turbo', 404],
      [sam, 'flux.2-klein-4b', 404],
      [lab, 'gpt-oss-20b', 200],
    ] as const;
    for (const [url, model, status] of rows) {
      const answer = await chat(url!, { model }, { headers });
      expect([model, answer.status]).toEqual([model, status]);
      if (status === 501) expect(await answer.text()).toContain('not_supported_error');
      else await answer.text();
    }
  });

  test('counts tokens for many requests at once while the model loads', async () => {
    const fleet = await startDemoFleet({ sleep: (ms, signal) => sleep(ms / 100, signal) });
    onTestFinished(() => fleet.close());
    const [sam] = fleet.hosts;
    const body = { model: 'gpt-oss-20b', messages: [{ role: 'user', content: 'Hi' }] };
    const count = () => send(`${sam!.url}/v1/messages/count_tokens`, body);
    const answers = await Promise.all(Array.from({ length: 60 }, count));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(sam!.host.counts.loads.get('gpt-oss-20b')).toBe(1);
  });
});
