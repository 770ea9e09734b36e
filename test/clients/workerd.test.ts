import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBareWorkerd } from '../runtimes/runtimes.ts';
import { CLIENT_KEY, startHerd, toText, type TestHerd } from './herd.ts';

describe('OpenAI’s client before Paddock on workerd', () => {
  let herd: TestHerd;

  beforeAll(async () => {
    herd = await startHerd(makeBareWorkerd);
  });
  afterAll(() => herd?.close());

  it('streams a chat, and reads its beginning before its end is written', async () => {
    const client = new OpenAI({ baseURL: `${herd.url}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'Good day' }];
    const request = { model: 'b/shared', messages };
    const whole = await client.chat.completions.create(request);
    const release = herd.b.holdAfter(1);
    const pieces: string[] = [];
    for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
      const text = chunk.choices[0]?.delta.content;
      if (typeof text === 'string') pieces.push(text);
      // Nothing else is written before this has been read.
      if (pieces.length === 1) release();
    }
    expect(pieces.length).toBeGreaterThan(10);
    expect(pieces.join('')).toBe(whole.choices[0]?.message.content);
    expect(pieces.join('')).toMatch(/host-b\. You wrote: “Good day”/u);
    expect(toText(herd.b.received)).not.toContain(CLIENT_KEY);
  });
});
