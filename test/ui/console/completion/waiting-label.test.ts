import { describe, expect, it } from 'vitest';
import { readRunning } from '../../../../ui/fleet/running.ts';
import { toWaitingLabel } from '../../../../ui/console/completion/waiting-label.ts';
import { answerOf, START, targetOf } from '../samples.ts';

const target = targetOf({ aliases: ['default'] });
const ready = (model: string) => ({ model, state: 'ready' });

describe('what an answer waits for', () => {
  it.each([
    ['the host has not said what it runs', null, "waiting for Sam's desktop, 12 s"],
    ['nothing is loaded yet', [], "loading on Sam's desktop, 12 s"],
    ['another model is still there', [ready('other')], "loading on Sam's desktop, 12 s"],
    ['it starts', [{ model: 'qwen', state: 'starting' }], "loading on Sam's desktop, 12 s"],
    [
      'it is loaded, in no state that is reported',
      [{ model: 'qwen', state: null }],
      "waiting for Sam's desktop, 12 s",
    ],
    ['it is ready', [ready('qwen')], "waiting for Sam's desktop, 12 s"],
    ['it is ready under another name', [ready('default')], "waiting for Sam's desktop, 12 s"],
    [
      'another model is being stopped',
      [{ model: 'other', state: 'stopping' }],
      "Sam's desktop is busy with other, 12 s",
    ],
  ])('when %s', (_when, running, label) => {
    const answer = answerOf({ running, heardAt: START + 12_700 });
    expect(toWaitingLabel(answer, { target, busyWith: null })).toBe(label);
  });

  it('is a load where the host itself says so', () => {
    const answer = answerOf({ isLoading: true, heardAt: START + 3000 });
    expect(toWaitingLabel(answer, { target, busyWith: null })).toBe(
      "loading on Sam's desktop, 3 s",
    );
  });

  it('is another answer of this page, where that is at work on the same host', () => {
    const answer = answerOf({ running: [ready('other')], heardAt: START + 3000 });
    expect(toWaitingLabel(answer, { target, busyWith: 'Other' })).toBe(
      "Sam's desktop is busy with Other, 3 s",
    );
  });

  it('counts no seconds within the first', () => {
    expect(toWaitingLabel(answerOf(), { target, busyWith: null })).toBe(
      "waiting for Sam's desktop…",
    );
  });
});

describe('what a host says it runs', () => {
  it.each([
    [{ running: [{ model: 'a', state: 'starting', ttl: 0 }] }, [{ model: 'a', state: 'starting' }]],
    [{ running: [{ model: 'a' }] }, [{ model: 'a', state: null }]],
    [{ running: [{}, null, 'a'] }, []],
    [{ running: null }, []],
    [null, []],
  ])('as %j is read', (body, running) => {
    expect(readRunning(body)).toEqual(running);
  });
});
