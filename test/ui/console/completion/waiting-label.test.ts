import { describe, expect, it } from 'vitest';
import { readRunning } from '../../../../ui/fleet/running.ts';
import { toWaitingLabel } from '../../../../ui/console/completion/waiting-label.ts';
import { answerOf, START, targetOf } from '../samples.ts';

const target = targetOf({ aliases: ['default'] });
const ready = (model: string) => ({ model, state: 'ready' });

describe('toWaitingLabel', () => {
  it.each([
    ['loaded models are not known', null, "waiting for Sam's desktop, 12 s"],
    ['nothing is loaded', [], "loading on Sam's desktop, 12 s"],
    ['another model is loaded', [ready('other')], "loading on Sam's desktop, 12 s"],
    [
      'the model is starting',
      [{ model: 'qwen', state: 'starting' }],
      "loading on Sam's desktop, 12 s",
    ],
    [
      'the model is loaded without a state',
      [{ model: 'qwen', state: null }],
      "waiting for Sam's desktop, 12 s",
    ],
    ['the model is ready', [ready('qwen')], "waiting for Sam's desktop, 12 s"],
    ['the model is ready under an alias', [ready('default')], "waiting for Sam's desktop, 12 s"],
    [
      'another model is stopping',
      [{ model: 'other', state: 'stopping' }],
      "Sam's desktop is busy with other, 12 s",
    ],
  ])('is right when %s', (_when, running, label) => {
    const answer = answerOf({ running, heardAt: START + 12_700 });
    expect(toWaitingLabel(answer, { target, busyWith: null })).toBe(label);
  });

  it('shows a load that the host reports', () => {
    const answer = answerOf({ isLoading: true, heardAt: START + 3000 });
    expect(toWaitingLabel(answer, { target, busyWith: null })).toBe(
      "loading on Sam's desktop, 3 s",
    );
  });

  it('shows another answer of this page on the same host', () => {
    const answer = answerOf({ running: [ready('other')], heardAt: START + 3000 });
    expect(toWaitingLabel(answer, { target, busyWith: 'Other' })).toBe(
      "Sam's desktop is busy with Other, 3 s",
    );
  });

  it('shows no seconds within the first second', () => {
    expect(toWaitingLabel(answerOf(), { target, busyWith: null })).toBe(
      "waiting for Sam's desktop…",
    );
  });
});

describe('readRunning', () => {
  it.each([
    [{ running: [{ model: 'a', state: 'starting', ttl: 0 }] }, [{ model: 'a', state: 'starting' }]],
    [{ running: [{ model: 'a' }] }, [{ model: 'a', state: null }]],
    [{ running: [{}, null, 'a'] }, []],
    [{ running: null }, []],
    [null, []],
  ])('reads %j', (body, running) => {
    expect(readRunning(body)).toEqual(running);
  });
});
