import { describe, expect, it } from 'vitest';
import { NO_ANSWER, toFault } from '../../../../ui/console/completion/fault.ts';
import { isInProgress, toInterrupted } from '../../../../ui/console/completion/answer.ts';
import { answerOf, chunk, DONE, fold, progress } from '../samples.ts';

describe('an answer', () => {
  it('waits until there is something to read', () => {
    expect(fold([[50, chunk({ role: 'assistant', content: null })]])).toMatchObject({
      state: 'waiting',
      firstAt: null,
    });
  });

  it('is put together of what comes, and is done when the model says so', () => {
    const answer = fold([
      [400, chunk({ content: 'Hel' })],
      [500, chunk({ content: 'lo' })],
      [510, chunk({}, { choices: [{ delta: {}, finish_reason: 'stop' }] })],
      [520, chunk({}, { choices: [], usage: { completion_tokens: 7 } })],
      [530, DONE],
      [540, { type: 'end' }],
    ]);
    expect(answer).toMatchObject({ state: 'done', content: 'Hello', chunks: 2, tokens: 7 });
    expect(answer.firstAt! - answer.startedAt).toBe(400);
    expect(answer.lastAt! - answer.startedAt).toBe(500);
  });

  it.each([['reasoning_content'], ['reasoning']])('keeps %s apart', (field) => {
    const answer = fold([
      [10, chunk({ [field]: 'Hm.' })],
      [20, chunk({ content: 'Yes.' })],
    ]);
    expect(answer).toMatchObject({ reasoning: 'Hm.', content: 'Yes.', state: 'streaming' });
  });

  it('takes llama-swap’s word on a load for neither reasoning nor a first token', () => {
    const answer = fold([
      [5, progress('llama-swap loading model: qwen')],
      [800, progress('.')],
    ]);
    expect(answer).toMatchObject({
      state: 'waiting',
      reasoning: '',
      isLoading: true,
      firstAt: null,
    });
  });

  it('goes on from a load to the real one', () => {
    const answer = fold([
      [5, progress('loading')],
      [900, chunk({ reasoning_content: 'Hm.' })],
    ]);
    expect(answer).toMatchObject({ state: 'streaming', reasoning: 'Hm.', isLoading: false });
  });

  it('says why a load failed, which comes as bare JSON under a 200', () => {
    const line = '{"src":"llama-swap","error":{"message":"unspecific error: out of memory"}}';
    const answer = fold([
      [5, progress('loading')],
      [900, { type: 'stray', line }],
      [901, { type: 'end' }],
    ]);
    expect(answer).toMatchObject({
      state: 'failed',
      fault: {
        words: "Sam's desktop could not load the model.",
        detail: 'unspecific error: out of memory',
      },
    });
  });

  it.each([
    ['in an event', { type: 'data', data: '{"error":{"message":"context full"}}' }],
    ['in an error event', { type: 'error', data: '{"message":"context full"}' }],
    ['in plain text of an error event', { type: 'error', data: 'context full' }],
    ['as vLLM sends it', { type: 'data', data: '{"object":"error","message":"context full"}' }],
    ['as FastAPI sends it', { type: 'data', data: '{"detail":"context full"}' }],
    [
      'in a field of its own',
      { type: 'stray', line: 'error: {"code":500,"message":"context full"}' },
    ],
  ] as const)('keeps what had come when an error follows %s', (_where, event) => {
    const answer = fold([
      [10, chunk({ content: 'Half' })],
      [20, event],
    ]);
    expect(answer).toMatchObject({
      state: 'cut',
      content: 'Half',
      fault: { detail: 'context full' },
    });
  });

  it.each([
    [
      'a stream that ends without a word',
      [
        [10, chunk({ content: 'a' })],
        [20, { type: 'end' }],
      ],
      'cut',
    ],
    [
      'a stream that ends with [DONE] alone',
      [
        [10, chunk({ content: 'a' })],
        [20, DONE],
      ],
      'done',
    ],
    ['an answer of nothing', [[20, DONE]], 'failed'],
    [
      'no pictures',
      [
        [20, { type: 'pictures', pictures: [] }],
        [21, { type: 'end' }],
      ],
      'failed',
    ],
    ['a stop before anything', [[20, { type: 'stop' }]], 'stopped'],
    [
      'a stop in the middle',
      [
        [10, chunk({ content: 'a' })],
        [20, { type: 'stop' }],
      ],
      'stopped',
    ],
    [
      'lines that are no JSON',
      [
        [10, { type: 'data', data: 'hm' }],
        [11, { type: 'stray', line: 'hm' }],
      ],
      'waiting',
    ],
  ] as const)('of %s is told for what it is', (_what, events, state) => {
    expect(fold(events).state).toBe(state);
  });

  it('may come whole, from a host that does not stream', () => {
    const choices = [{ finish_reason: 'stop', message: { content: 'All of it.' } }];
    const answer = fold([
      [10, { type: 'stray', line: JSON.stringify({ id: 'chatcmpl-1', choices }) }],
      [11, { type: 'end' }],
    ]);
    expect(answer).toMatchObject({ state: 'done', content: 'All of it.' });
  });

  it.each([
    ['a page of HTML', [[10, { type: 'stray', line: '<h1>502 Bad Gateway</h1>' }]]],
    ['nothing at all', []],
  ] as const)('that is %s is none', (_what, events) => {
    const answer = fold([...events, [20, { type: 'end' }]]);
    expect(answer).toMatchObject({ state: 'failed', fault: NO_ANSWER });
  });

  it.each([
    ['stop', null],
    ['length', 'The answer reached the token limit.'],
    ['tool_calls', 'The model called a tool, but this page has no tools.'],
    ['content_filter', 'The host ended the answer: content filter.'],
  ])('without a word says why it ended: %s', (reason, detail) => {
    const answer = fold([
      [10, chunk({}, { choices: [{ delta: {}, finish_reason: reason }] })],
      [20, DONE],
    ]);
    expect(answer.fault?.detail).toBe(detail);
  });

  it('is not changed by what comes after its end', () => {
    const answer = fold([
      [10, chunk({ content: 'a' })],
      [20, { type: 'stop' }],
      [30, chunk({ content: 'b' })],
      [40, { type: 'fault', fault: toFault(new Error('gone'), { label: 'x', hasBegun: true }) }],
    ]);
    expect(answer).toMatchObject({ state: 'stopped', content: 'a', fault: null });
  });

  it('takes llama.cpp’s own measures', () => {
    const timings = { predicted_n: 32, predicted_per_second: 41.5 };
    expect(fold([[10, chunk({ content: 'a' }, { timings })]])).toMatchObject({
      tokens: 32,
      rate: 41.5,
    });
  });
});

describe('an answer that nobody read to its end', () => {
  it.each([
    ['with words', { state: 'streaming', content: 'Half' }, 'cut'],
    ['without any', { state: 'waiting' }, 'failed'],
    ['that had ended', { state: 'done', content: 'All' }, 'done'],
  ] as const)('%s is kept as that', (_what, rest, state) => {
    const kept = toInterrupted(answerOf(rest));
    expect(kept.state).toBe(state);
    expect(isInProgress(kept)).toBe(false);
  });
});
