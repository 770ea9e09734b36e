import { describe, expect, it } from 'vitest';
import { NO_ANSWER, toFault } from '../../../../ui/console/completion/fault.ts';
import { isInProgress, toInterrupted } from '../../../../ui/console/completion/answer.ts';
import { answerOf, chunk, DONE, fold, progress } from '../samples.ts';

describe('an answer', () => {
  it('is waiting until text arrives', () => {
    expect(fold([[50, chunk({ role: 'assistant', content: null })]])).toMatchObject({
      state: 'waiting',
      firstAt: null,
    });
  });

  it('is joined from chunks, and done after the finish reason', () => {
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

  it.each([['reasoning_content'], ['reasoning']])('keeps %s separate from the content', (field) => {
    const answer = fold([
      [10, chunk({ [field]: 'Hm.' })],
      [20, chunk({ content: 'Yes.' })],
    ]);
    expect(answer).toMatchObject({ reasoning: 'Hm.', content: 'Yes.', state: 'streaming' });
  });

  it('counts llama-swap’s loading message as neither reasoning nor a first token', () => {
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

  it('continues after the loading message', () => {
    const answer = fold([
      [5, progress('loading')],
      [900, chunk({ reasoning_content: 'Hm.' })],
    ]);
    expect(answer).toMatchObject({ state: 'streaming', reasoning: 'Hm.', isLoading: false });
  });

  it('shows the error of a failed load, which arrives as bare JSON with status 200', () => {
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
    ['in vLLM’s form', { type: 'data', data: '{"object":"error","message":"context full"}' }],
    ['in FastAPI’s form', { type: 'data', data: '{"detail":"context full"}' }],
    [
      'in an "error:" field',
      { type: 'stray', line: 'error: {"code":500,"message":"context full"}' },
    ],
  ] as const)('keeps the received text when an error follows %s', (_where, event) => {
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
      'a stream that ends without [DONE]',
      [
        [10, chunk({ content: 'a' })],
        [20, { type: 'end' }],
      ],
      'cut',
    ],
    [
      'a stream that ends with [DONE] and no finish reason',
      [
        [10, chunk({ content: 'a' })],
        [20, DONE],
      ],
      'done',
    ],
    ['an empty answer', [[20, DONE]], 'failed'],
    [
      'no pictures',
      [
        [20, { type: 'pictures', pictures: [] }],
        [21, { type: 'end' }],
      ],
      'failed',
    ],
    ['a stop before the first chunk', [[20, { type: 'stop' }]], 'stopped'],
    [
      'a stop in the middle',
      [
        [10, chunk({ content: 'a' })],
        [20, { type: 'stop' }],
      ],
      'stopped',
    ],
    [
      'lines that are not JSON',
      [
        [10, { type: 'data', data: 'hm' }],
        [11, { type: 'stray', line: 'hm' }],
      ],
      'waiting',
    ],
  ] as const)('has the right state after %s', (_what, events, state) => {
    expect(fold(events).state).toBe(state);
  });

  it('can arrive as a whole from a host that does not stream', () => {
    const choices = [{ finish_reason: 'stop', message: { content: 'All of it.' } }];
    const answer = fold([
      [10, { type: 'stray', line: JSON.stringify({ id: 'chatcmpl-1', choices }) }],
      [11, { type: 'end' }],
    ]);
    expect(answer).toMatchObject({ state: 'done', content: 'All of it.' });
  });

  it.each([
    ['a page of HTML', [[10, { type: 'stray', line: '<h1>502 Bad Gateway</h1>' }]]],
    ['empty', []],
  ] as const)('that is %s fails', (_what, events) => {
    const answer = fold([...events, [20, { type: 'end' }]]);
    expect(answer).toMatchObject({ state: 'failed', fault: NO_ANSWER });
  });

  it.each([
    ['stop', null],
    ['length', 'The answer reached the token limit.'],
    ['tool_calls', 'The model called a tool, but this page has no tools.'],
    ['content_filter', 'The host ended the answer: content filter.'],
  ])('without text shows why it ended: %s', (reason, detail) => {
    const answer = fold([
      [10, chunk({}, { choices: [{ delta: {}, finish_reason: reason }] })],
      [20, DONE],
    ]);
    expect(answer.fault?.detail).toBe(detail);
  });

  it('ignores events after its end', () => {
    const answer = fold([
      [10, chunk({ content: 'a' })],
      [20, { type: 'stop' }],
      [30, chunk({ content: 'b' })],
      [40, { type: 'fault', fault: toFault(new Error('gone'), { label: 'x', hasBegun: true }) }],
    ]);
    expect(answer).toMatchObject({ state: 'stopped', content: 'a', fault: null });
  });

  it('uses llama.cpp’s timings', () => {
    const timings = { predicted_n: 32, predicted_per_second: 41.5 };
    expect(fold([[10, chunk({ content: 'a' }, { timings })]])).toMatchObject({
      tokens: 32,
      rate: 41.5,
    });
  });
});

describe('toInterrupted, for an answer', () => {
  it.each([
    ['with text', { state: 'streaming', content: 'Half' }, 'cut'],
    ['without text', { state: 'waiting' }, 'failed'],
    ['that has ended', { state: 'done', content: 'All' }, 'done'],
  ] as const)('%s sets the right state', (_what, rest, state) => {
    const kept = toInterrupted(answerOf(rest));
    expect(kept.state).toBe(state);
    expect(isInProgress(kept)).toBe(false);
  });
});
