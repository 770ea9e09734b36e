import { afterAll, beforeAll, expect, it } from 'vitest';
import { json, startHost, type Host } from '../hosts.ts';
import { openChat } from './chat-host.ts';
import { describeInBrowser } from './chromium.ts';
import { startStage, type Stage } from './stage.ts';

/** Lists of llama-server and others, with modalities but without llama-swap's `capabilities`. */
const LISTS = {
  older: {
    models: [
      { name: 'eye', model: 'eye', type: 'model', capabilities: ['completion', 'multimodal'] },
      { name: 'pen', model: 'pen', type: 'model', capabilities: ['completion'] },
    ],
    object: 'list',
    data: [
      { id: 'eye', object: 'model', owned_by: 'llamacpp', meta: { n_ctx: 4096 } },
      { id: 'pen', object: 'model', owned_by: 'llamacpp', meta: { n_ctx: 4096 } },
    ],
  },
  newer: {
    object: 'list',
    data: [
      {
        id: 'eye',
        architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] },
      },
      { id: 'pen', architecture: { input_modalities: ['text'], output_modalities: ['text'] } },
    ],
  },
};

describeInBrowser('pictures for a provider that lists modalities', () => {
  let hosts: Host[];
  let stage: Stage;
  beforeAll(async () => {
    hosts = await Promise.all(
      Object.values(LISTS).map((list) => startHost({ '/v1/models': json(list) })),
    );
    const names = Object.keys(LISTS);
    const entries = hosts.map(({ port }, index) => `${names[index]}=openai://127.0.0.1:${port}`);
    stage = await startStage({ settings: { PROVIDERS: entries.join(' ') } });
  });
  afterAll(async () => {
    expect(stage.consoleErrors).toEqual([]);
    await stage.close();
    await Promise.all(hosts.map((host) => host.close()));
  });

  it.each([
    ['older/eye', 1],
    ['newer/eye', 1],
    ['older/pen', 0],
    ['newer/pen', 0],
  ])('can be attached in the chat with %s: %i', async (model, count) => {
    const page = await openChat(stage, model);
    expect(await page.getByLabel('Attach pictures').count()).toBe(count);
  });

  it('are in the modalities of opencode.json', async () => {
    const answer = await fetch(`${stage.url}/api/opencode.json`);
    const { provider } = (await answer.json()) as any;
    const takesPictures = Object.entries<any>(provider.paddock.models)
      .filter(([, { modalities }]) => modalities?.input.includes('image'))
      .map(([id]) => id);
    expect(takesPictures.toSorted()).toEqual(['newer/eye', 'older/eye']);
  });
});
