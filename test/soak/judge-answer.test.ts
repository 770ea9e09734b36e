import { describe, expect, it } from 'vitest';
import { FAULTS, INFERENCE_KINDS } from './exchange.ts';
import { judgeAnswer, type Seen } from './judge-answer.ts';
import { makeRequest, makeSeen, makeUnreachable } from './answers.ts';

/** How the answer to a request is judged that is right but for some parts. */
function judge(
  asked: Parameters<typeof makeRequest>[0],
  parts: Partial<Seen> = {},
  isHostDown = false,
) {
  const request = makeRequest(asked);
  return judgeAnswer(request, { seen: makeSeen(request, parts), isHostDown }).is;
}

const half = (asked: Parameters<typeof makeRequest>[0]) => {
  const { text } = makeSeen(makeRequest(asked));
  return { text: text.slice(0, text.length / 2) };
};
const other = (asked: Parameters<typeof makeRequest>[0]) => {
  const { text, headers } = makeSeen(makeRequest(asked));
  return { text, headers };
};
const NOTHING = { status: null, headers: {}, text: '' } as const;

describe('an answer', () => {
  it.each(INFERENCE_KINDS)('to "%s" is right where it is what was asked for', (kind) => {
    expect(judge({ kind })).toBe('right');
  });

  it.each(INFERENCE_KINDS)('to "%s" of another request is wrong', (kind) => {
    expect(judge({ kind }, other({ kind, nonce: 'nonce-2' }))).toBe('wrong');
  });

  it.each([
    ['another host, by its header', { headers: other({ host: 'steady-2' }).headers }],
    ['another host, by its words alone', { text: other({ host: 'steady-2' }).text }],
    ['another model, by its header', { headers: other({ model: 'qwen3-8b' }).headers }],
    ['another model, by its words alone', { text: other({ model: 'qwen3-8b' }).text }],
    ['another status', { status: 404 }],
    ['half of it, as if that were whole', half({})],
    ['more than is due', { text: `${makeSeen(makeRequest()).text}\n` }],
  ])('is wrong with %s', (_name, parts) => {
    expect(judge({}, parts)).toBe('wrong');
    expect(judge({}, parts, true)).toBe('wrong');
  });

  it('is wrong where one event of a stream is of another', () => {
    const { text } = makeSeen(makeRequest({ kind: 'stream' }));
    const at = text.lastIndexOf('nonce-1');
    const mixed = `${text.slice(0, at)}nonce-2${text.slice(at + 'nonce-2'.length)}`;
    expect(judge({ kind: 'stream' }, { text: mixed })).toBe('wrong');
  });

  it.each([
    ['is cut off', { end: 'cut', ...half({}) }],
    ['never comes', { end: 'silent', ...NOTHING }],
    ['stops coming', { end: 'silent', ...half({}) }],
    ['is a connection that breaks', { end: 'cut', ...NOTHING }],
    ['is that the host cannot be reached', makeUnreachable(makeRequest())],
  ] as const)('is lost where it %s, and nothing explains that', (_name, parts) => {
    expect(judge({}, parts)).toBe('lost');
  });

  it('is explained where its host was killed, and the client sees that', () => {
    expect(judge({}, { end: 'cut', ...half({}) }, true)).toBe('explained');
    expect(judge({}, makeUnreachable(makeRequest()), true)).toBe('explained');
    expect(judge({}, { end: 'cut', ...NOTHING }, true)).toBe('explained');
    expect(judge({}, { end: 'silent', ...NOTHING }, true)).toBe('lost');
    expect(judge({}, { status: 502 }, true)).toBe('wrong');
  });

  it('may be left midway by a client that wants to', () => {
    expect(judge({ kind: 'left midway' }, { end: 'left', ...half({ kind: 'left midway' }) })).toBe(
      'right',
    );
    expect(judge({}, { end: 'left', ...half({}) })).toBe('lost');
  });
});

describe('a fault', () => {
  it('of a host that answers 500 comes through as the host says it', () => {
    const asked = { fault: 'answers 500' } as const;
    expect(judge(asked)).toBe('explained');
    expect(judge(asked, other({ ...asked, nonce: 'nonce-2' }))).toBe('wrong');
    expect(judge({}, { status: 500 })).toBe('wrong');
  });

  it.each(['resets midway', 'bad chunk', 'too short'] as const)(
    'that cuts an answer off, "%s", must be seen',
    (fault) => {
      expect(judge({ fault }, { end: 'cut', ...half({}) })).toBe('explained');
      expect(judge({ fault }, { end: 'cut', ...NOTHING })).toBe('explained');
      expect(judge({ fault }, makeUnreachable(makeRequest()))).toBe('explained');
      expect(judge({ fault }, half({}))).toBe('wrong');
    },
  );

  it('of a host that resets at once is one that cannot be reached', () => {
    expect(judge({ fault: 'resets at once' }, makeUnreachable(makeRequest()))).toBe('explained');
    expect(judge({ fault: 'resets at once' }, { end: 'cut', ...half({}) })).toBe('lost');
  });

  it('of a host that hangs is left by its client', () => {
    expect(judge({ fault: 'hangs' }, { end: 'left', ...NOTHING })).toBe('explained');
    expect(judge({ fault: 'hangs' }, makeUnreachable(makeRequest()))).toBe('lost');
  });

  it.each(FAULTS)('never excuses the answer of another, "%s"', (fault) => {
    expect(judge({ fault }, { ...other({ nonce: 'nonce-2' }), end: 'cut' })).toBe('wrong');
  });
});
