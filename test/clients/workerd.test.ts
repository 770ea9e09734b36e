import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { only } from '../runtimes/runtimes.ts';
import { CLIENT_KEY, startFleet, toText, type TestFleet } from './fleet.ts';

describe.each(only('workerd'))('OpenAI’s client with Paddock on %s', (_name, make) => {
  let fleet: TestFleet;

  beforeAll(async () => {
    fleet = await startFleet(make);
  });
  afterAll(() => fleet?.close());

  it('reads the first text of a stream before the rest is written', async () => {
    const client = new OpenAI({ baseURL: `${fleet.url}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'Good day' }];
    const request = { model: 'b/shared', messages };
    const whole = await client.chat.completions.create(request);
    const release = fleet.b.holdAfter(1);
    const pieces: string[] = [];
    for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
      const text = chunk.choices[0]?.delta.content;
      if (typeof text === 'string') pieces.push(text);
      // The provider writes the rest only after this was read.
      if (pieces.length === 1) release();
    }
    expect(pieces.length).toBeGreaterThan(10);
    expect(pieces.join('')).toBe(whole.choices[0]?.message.content);
    expect(pieces.join('')).toMatch(/host-b\. You wrote: “Good day”/u);
    expect(toText(fleet.b.received)).not.toContain(CLIENT_KEY);
  });
});
