import { createHash, randomBytes } from 'node:crypto';
import { crc32, inflateSync } from 'node:zlib';
import OpenAI, { toFile } from 'openai';
import { describe, expect, test } from 'vitest';
import { getJson, readJson, send, startHost } from './host-fixture.ts';

/** Checks every chunk of a PNG and counts its bytes of pixels. */
function checkPng(base64: string): void {
  const png = Buffer.from(base64, 'base64');
  expect(png.toString('latin1', 0, 8)).toBe('\x89PNG\r\n\x1a\n');
  const chunks: Record<string, Buffer> = {};
  for (let at = 8; at < png.length;) {
    const end = at + 8 + png.readUInt32BE(at);
    chunks[png.toString('latin1', at + 4, at + 8)] = png.subarray(at + 8, end);
    expect(png.readUInt32BE(end)).toBe(crc32(png.subarray(at + 4, end)));
    at = end + 4;
  }
  expect(Object.keys(chunks)).toEqual(['IHDR', 'IDAT', 'IEND']);
  expect([chunks['IHDR']!.readUInt32BE(0), chunks['IHDR']!.readUInt32BE(4)]).toEqual([64, 64]);
  expect(inflateSync(chunks['IDAT']!)).toHaveLength(64 * (1 + 64 * 3));
}

const pictures = ({ data = [] }: OpenAI.ImagesResponse) =>
  data.map(({ b64_json }) => b64_json ?? '');

describe('/v1/images', () => {
  test('/generations answers the requested number of pictures, which depend only on the prompt', async () => {
    const host = await startHost();
    const client = new OpenAI({ baseURL: `${host.url}/v1`, apiKey: 'none' });
    const reply = await client.images.generate({ model: 'small', prompt: 'a cat', n: 3 });
    expect(new Set(pictures(reply)).size).toBe(3);
    pictures(reply).forEach(checkPng);
    expect(reply.data?.[0]?.revised_prompt).toMatch(/small, answering from test-host.*a cat/);
    const again = await client.images.generate({ model: 'eye', prompt: 'a cat' });
    expect(pictures(again)).toEqual(pictures(reply).slice(0, 1));
    const other = await client.images.generate({ model: 'eye', prompt: 'a dog' });
    expect(pictures(other)).not.toEqual(pictures(again));
    expect((await send(`${host.url}/v1/images/generations`, { model: 'eye' })).status).toBe(400);
  });

  test('/edits names each image that arrived, and the model', async () => {
    const host = await startHost();
    const client = new OpenAI({ baseURL: `${host.url}/v1`, apiKey: 'none' });
    const bytes = [randomBytes(9000), randomBytes(10)];
    const image = await Promise.all(bytes.map((data, index) => toFile(data, `${index}.png`)));
    const reply = await client.images.edit({ model: 'small', prompt: 'a hat', image });
    pictures(reply).forEach(checkPng);
    const note = reply.data?.[0]?.revised_prompt;
    expect(note).toMatch(/small, answering from test-host.*a hat/);
    for (const [index, data] of bytes.entries()) {
      const hash = createHash('sha256').update(data).digest('hex');
      expect(note).toContain(`${index}.png: ${data.length} bytes, sha-256 ${hash}`);
    }
    const body = new FormData();
    body.append('model', 'small');
    body.append('prompt', 'a hat');
    const refused = await fetch(`${host.url}/v1/images/edits`, { method: 'POST', body });
    expect(refused.status).toBe(400);
  });
});

describe('/sdapi/v1', () => {
  test('generates pictures from text and from images, and lists LoRAs', async () => {
    const host = await startHost();
    const url = `${host.url}/sdapi/v1`;
    const body = { model: 'small', prompt: 'a cat', batch_size: 2 };
    const text = await readJson(send(`${url}/txt2img`, body));
    expect(text).toMatchObject({
      parameters: {},
      images: [expect.any(String), expect.any(String)],
    });
    text.images.forEach(checkPng);
    expect(JSON.parse(text.info).info).toContain('small, answering from test-host');
    const init_images = [text.images[0]];
    const image = await readJson(send(`${url}/img2img`, { ...body, init_images }));
    image.images.forEach(checkPng);
    expect(image.images).not.toEqual(text.images);
    expect((await send(`${url}/img2img`, body)).status).toBe(400);
    expect(await getJson(`${url}/loras?model=small`)).toEqual([
      { name: 'line-art', path: 'line-art.safetensors' },
    ]);
  });
});
