import { describe, expect, it } from 'vitest';
import { HOSTS, MODELS } from './hosts.ts';
import type { Seen } from './judge-answer.ts';
import { judgeDocument, judgeEvents } from './judge-documents.ts';

const ETAG = 'W/"one"';
const away = ['shaky-2'];

function see(text: string, parts: Partial<Seen> = {}): Seen {
  return { status: 200, headers: { etag: ETAG }, text, end: 'whole', from: 0, to: 1, ...parts };
}

function catalog(hosts: readonly string[] = HOSTS, offline: readonly string[] = away): string {
  const providers = hosts.map((name) => ({
    name,
    status: offline.includes(name) ? 'offline' : 'online',
    models: offline.includes(name)
      ? []
      : Object.keys(MODELS).map((model) => ({ id: `${name}/${model}` })),
  }));
  return JSON.stringify({ providers });
}

function models(hosts: readonly string[]): string {
  const data = hosts.flatMap((host) =>
    Object.keys(MODELS).map((model) => ({ id: `${host}/${model}`, owned_by: host })),
  );
  return JSON.stringify({ data });
}

describe('a document', () => {
  it('is right where it lists every host that is there, and none in part', () => {
    const judge = (text: string) => judgeDocument('catalog', { seen: see(text), etag: null }).is;
    expect(judge(catalog())).toBe('right');
    expect(judge(catalog(HOSTS, ['steady-1']))).toBe('wrong');
    expect(judge(catalog(HOSTS.toReversed()))).toBe('wrong');
    expect(judge(catalog().replace('shaky-1/qwen3-8b', 'shaky-1/other'))).toBe('wrong');
    expect(judge(catalog().slice(0, -1))).toBe('wrong');
    expect(judge('{}')).toBe('wrong');
  });

  it('is right as OpenAI lists models', () => {
    const judge = (text: string) => judgeDocument('models', { seen: see(text), etag: null }).is;
    expect(judge(models(['steady-1', 'steady-2', 'shaky-1']))).toBe('right');
    expect(judge(models(['steady-1', 'shaky-1']))).toBe('wrong');
    expect(judge(models([...HOSTS, 'stranger']))).toBe('wrong');
  });

  it('is not sent again to a client that has it, nor withheld from one that has another', () => {
    const judge = (seen: Seen, etag: string | null) => judgeDocument('catalog', { seen, etag }).is;
    const known = see('', { status: 304 });
    expect(judge(known, ETAG)).toBe('right');
    expect(judge(known, 'W/"other"')).toBe('wrong');
    expect(judge(known, null)).toBe('wrong');
    expect(judge(see(catalog()), ETAG)).toBe('wrong');
    expect(judge(see(catalog()), 'W/"other"')).toBe('right');
  });

  it('is lost where it does not come, whatever hosts do', () => {
    const judge = (parts: Partial<Seen>) =>
      judgeDocument('models', { seen: see('', parts), etag: null }).is;
    expect(judge({ status: null, end: 'cut' })).toBe('lost');
    expect(judge({ end: 'cut' })).toBe('lost');
    expect(judge({ status: 503 })).toBe('wrong');
  });
});

describe('events', () => {
  const OPENING = ': news\nretry: 1000\n\n';
  const both = `${OPENING}event: catalog\ndata: W/"1"\n\nevent: favorites\ndata: W/"1"\n\n`;
  const judge = (text: string, parts: Partial<Seen> = {}) =>
    judgeEvents(
      see(text, { end: 'left', headers: { 'content-type': 'text/event-stream' }, ...parts }),
    ).is;

  it('are right where both are reported, and then news alone', () => {
    expect(judge(both)).toBe('right');
    expect(judge(`${both}event: catalog\ndata: W/"2"\n\nevent: cat`)).toBe('right');
    expect(judge(`${both}event: catalog\ndata: W/"1"\n\n`)).toBe('wrong');
    expect(judge(`${both}{"error":"none"}\n\n`)).toBe('wrong');
  });

  it('are lost where one is never reported, or the stream ends by itself', () => {
    expect(judge(OPENING)).toBe('lost');
    expect(judge(both, { end: 'whole' })).toBe('lost');
  });
});
