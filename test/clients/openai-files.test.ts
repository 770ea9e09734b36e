import { createHash, randomBytes } from 'node:crypto';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paintPicture } from '../../demo/picture.ts';
import { CLIENT_KEY, CLIENT_RUNTIMES, startFleet, type TestFleet } from './fleet.ts';

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe.each(CLIENT_RUNTIMES)('OpenAI’s client with Paddock on %s', (_name, make) => {
  let fleet: TestFleet;
  let client: OpenAI;

  beforeAll(async () => {
    fleet = await startFleet(make);
    client = new OpenAI({ baseURL: `${fleet.url}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
  });
  afterAll(() => fleet?.close());

  it('generates images', async () => {
    const { data } = await client.images.generate({ model: 'b/shared', prompt: 'A horse', n: 2 });
    expect(data).toHaveLength(2);
    for (const { b64_json, revised_prompt } of data ?? []) {
      expect(Buffer.from(b64_json ?? '', 'base64').subarray(0, 8)).toEqual(PNG);
      expect(revised_prompt).toMatch(/shared.* host-b.*“A horse”/u);
    }
  });

  it('edits an image', async () => {
    const png = paintPicture('A horse');
    const image = await toFile(png, 'horse.png', { type: 'image/png' });
    // In this order, the model comes after the file.
    const { data } = await client.images.edit({ image, prompt: 'A foal', model: 'b/shared' });
    expect(data?.[0]?.revised_prompt).toBe(
      'This is shared, answering from host-b. ' +
        `You sent horse.png: ${png.length} bytes, sha-256 ${sha256(png)}. You wrote: “A foal”`,
    );
    expect(Buffer.from(data?.[0]?.b64_json ?? '', 'base64').subarray(0, 8)).toEqual(PNG);
  });

  it('generates speech', async () => {
    const request = { model: 'b/vendor/voice:q8', voice: 'alba', input: 'Whoa there, my horse' };
    const answer = await client.audio.speech.create(request);
    expect(answer.headers.get('content-type')).toBe('audio/wav');
    const wav = Buffer.from(await answer.arrayBuffer());
    expect(wav.toString('latin1', 0, 4) + wav.toString('latin1', 8, 12)).toBe('RIFFWAVE');
    expect(wav.readUInt32LE(4)).toBe(wav.length - 8);
    expect(wav).toHaveLength(44 + request.input.length * 320);
  });

  it.each([
    ['a file before its model', 70_000, true],
    ['a file after its model', 70_000, false],
    ['a file of 5 MiB before its model', 5 << 20, true],
  ])('transcribes %s, which arrives unchanged', async (_what, size, isFirst) => {
    const bytes = randomBytes(size);
    const file = await toFile(bytes, 'talk.wav', { type: 'audio/wav' });
    const model = 'b/vendor/voice:q8';
    const request = isFirst ? { file, model } : { model, file };
    const { text } = await client.audio.transcriptions.create(request);
    expect(text).toBe(
      'This is vendor/voice:q8, answering from host-b. ' +
        `You sent talk.wav: ${size} bytes, sha-256 ${sha256(bytes)}.`,
    );
  });

  it('streams a transcription', async () => {
    const file = await toFile(randomBytes(1000), 'talk.wav');
    const stream = await client.audio.transcriptions.create({
      file,
      model: 'shared',
      stream: true,
    });
    let text = '';
    for await (const event of stream) {
      if (event.type === 'transcript.text.delta') text += event.delta;
      else if (event.type === 'transcript.text.done') expect(event.text).toBe(text);
    }
    expect(text).toMatch(
      /^This is shared, answering from host-a\. You sent talk\.wav: 1000 bytes/u,
    );
  });
});
