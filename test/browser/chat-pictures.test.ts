import { afterAll, beforeAll, expect, it } from 'vitest';
import { json, startHost, type Host } from '../hosts.ts';
import { describeInBrowser } from './chromium.ts';
import { setStage, type Stage } from './stage.ts';

/** Lists as llama-server and others give them, whose `capabilities` say nothing of pictures. */
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

describeInBrowser('pictures for models whose provider lists modalities', () => {
  let hosts: Host[];
  let stage: Stage;
  beforeAll(async () => {
    hosts = await Promise.all(
      Object.values(LISTS).map((list) => startHost({ '/v1/models': json(list) })),
    );
    const names = Object.keys(LISTS);
    const entries = hosts.map(({ port }, index) => `${names[index]}=openai://127.0.0.1:${port}`);
    stage = await setStage({ settings: { PROVIDERS: entries.join(' ') } });
  });
  afterAll(async () => {
    expect(stage.complaints).toEqual([]);
    await stage.close();
    await Promise.all(hosts.map((host) => host.close()));
  });

  it.each([
    ['older/eye', 1],
    ['newer/eye', 1],
    ['older/pen', 0],
    ['newer/pen', 0],
  ])('are offered in the chat with %s: %i', async (model, count) => {
    const page = await stage.open('/#/chat');
    await page.evaluate((id) => localStorage.setItem('paddock-model', id), model);
    await page.reload();
    await page.getByRole('heading', { name: /^Ask / }).waitFor();
    expect(await page.getByLabel('Attach pictures').count()).toBe(count);
  });

  it('are offered to opencode', async () => {
    const answer = await fetch(`${stage.url}/api/opencode.json`);
    const { provider } = (await answer.json()) as any;
    const takesPictures = Object.entries<any>(provider.paddock.models)
      .filter(([, { modalities }]) => modalities?.input.includes('image'))
      .map(([id]) => id);
    expect(takesPictures.toSorted()).toEqual(['newer/eye', 'older/eye']);
  });
});
