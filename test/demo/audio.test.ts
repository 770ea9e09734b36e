import { createHash, randomBytes } from 'node:crypto';
import OpenAI, { toFile } from 'openai';
import { describe, expect, test } from 'vitest';
import { getJson, readEvents, readJson, send, startHost } from './host-fixture.ts';

const post = (url: string, body: FormData) => fetch(url, { method: 'POST', body });

function toForm(bytes: Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  form.append('file', new File([bytes], 'two "words" – é.wav'));
  for (const [name, value] of Object.entries({ model: 'small', ...fields })) {
    form.append(name, value);
  }
  return form;
}

describe('/v1/audio/transcriptions', () => {
  test('names the file, its length, its checksum and the model', async () => {
    const host = await startHost();
    const client = new OpenAI({ baseURL: `${host.url}/v1`, apiKey: 'none' });
    const bytes = randomBytes(70_000);
    const file = await toFile(bytes, 'talk.mp3');
    const { text } = await client.audio.transcriptions.create({ model: 'small', file });
    const hash = createHash('sha256').update(bytes).digest('hex');
    expect(text).toBe(
      `This is small, answering from test-host. You sent talk.mp3: 70000 bytes, sha-256 ${hash}.`,
    );
  });

  test('reads a file of many megabytes, with line breaks and dashes', async () => {
    const host = await startHost();
    const bytes = new Uint8Array(24_000_000).fill(45);
    bytes.set([13, 10, 45, 45, 13, 10, 13, 10], 1000);
    const url = `${host.url}/v1/audio/transcriptions`;
    const { text } = await readJson(post(url, toForm(bytes)));
    const hash = createHash('sha256').update(bytes).digest('hex');
    expect(text).toContain(`: 24000000 bytes, sha-256 ${hash}`);
  });

  test('answers as text, with segments, or in events', async () => {
    const host = await startHost();
    const transcribe = (fields: Record<string, string>) =>
      post(`${host.url}/v1/audio/transcriptions`, toForm(new Uint8Array(32_000), fields));
    const { text } = await readJson(transcribe({}));
    const plain = await transcribe({ response_format: 'text' });
    expect(plain.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await plain.text()).toBe(`${text}\n`);
    const verbose = await readJson(transcribe({ response_format: 'verbose_json', language: 'de' }));
    expect(verbose).toEqual({
      ...{ task: 'transcribe', language: 'de', duration: 1, text },
      segments: [{ id: 0, start: 0, end: 1, text }],
    });
    const events = (await readEvents(await transcribe({ stream: 'true' }))).map(({ data }) => data);
    expect(events.map(({ delta }) => delta ?? '').join('')).toBe(text);
    expect(events.at(-1)).toEqual({ type: 'transcript.text.done', text });
  });

  test('answers 400 without a file', async () => {
    const host = await startHost();
    const form = new FormData();
    form.append('model', 'small');
    expect((await post(`${host.url}/v1/audio/transcriptions`, form)).status).toBe(400);
  });
});

describe('/v1/audio/speech', () => {
  test('answers a WAV whose length depends on the text', async () => {
    const host = await startHost();
    const speak = async (input: string) => {
      const body = { model: 'small', input, voice: 'alba' };
      const response = await send(`${host.url}/v1/audio/speech`, body);
      expect(response.headers.get('content-type')).toBe('audio/wav');
      return Buffer.from(await response.arrayBuffer());
    };
    const wav = await speak('Hello');
    expect(wav.toString('latin1', 0, 4) + wav.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ');
    expect(wav.readUInt32LE(4)).toBe(wav.length - 8);
    expect(wav.readUInt32LE(24)).toBe(8000);
    expect(wav.readUInt32LE(40)).toBe(5 * 160 * 2);
    expect(wav).toHaveLength(44 + 5 * 160 * 2);
    expect((await speak('Hello you')).length).toBeGreaterThan(wav.length);
    expect((await send(`${host.url}/v1/audio/speech`, { model: 'small' })).status).toBe(400);
  });
});

describe('an audio server', () => {
  test('lists voices, and accepts a new one as JSON or as a form', async () => {
    const host = await startHost();
    const url = `${host.url}/v1/audio/voices`;
    expect(await getJson(`${url}?model=small`)).toEqual({ voices: ['alba', 'ryan'] });
    const named = await send(url, { model: 'small', name: 'mine' });
    expect(await named.json()).toEqual({ success: true, voice: { name: 'mine', file_size: 0 } });
    const formed = await post(url, toForm(new Uint8Array(50), { name: 'mine' }));
    expect(await formed.json()).toMatchObject({ voice: { name: 'mine', file_size: 50 } });
  });

  test('runs tasks', async () => {
    const host = await startHost();
    const url = `${host.url}/audioapi/v1/tasks/run`;
    expect(await readJson(send(url, { model: 'tiny', task: 'vad' }))).toEqual({
      task: 'vad',
      model: 'small',
      status: 'completed',
      result: { text: 'This is small, answering from test-host.' },
    });
  });
});
