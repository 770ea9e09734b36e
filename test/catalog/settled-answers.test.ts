import { describe, expect, it, test } from 'vitest';
import type { ModelState } from '../../src/registry/provider-models.ts';
import { createSettledAnswers } from '../../src/catalog/settled-answers.ts';

const TTL = 5000;

/** The answers of one provider. Its clock advances by one millisecond with each event. */
function setUp() {
  let time = 0;
  const answers = createSettledAnswers({ now: () => time, ttlMs: TTL });
  const toRunning = (models: string) =>
    new Map(
      models
        .split(' ')
        .filter((word) => word !== '')
        .map((word) => {
          const [name = '', state = 'ready'] = word.split(':');
          return [name, { state: state as ModelState, commandContext: null }];
        }),
    );
  const answer = (model: string, options: { isListed?: boolean; beganAt?: number } = {}) => {
    time += 1;
    const { isListed = true, beganAt = time } = options;
    answers.note({ model, runsAs: model.replace('alias-', ''), isListed, beganAt });
  };
  const begin = () => {
    time += 1;
    return answers.beginCheck();
  };
  const see = (models: string, look = begin()) => {
    time += 1;
    answers.endCheck(look, toRunning(models));
  };
  const wait = (milliseconds: number) => void (time += milliseconds);
  return { answers, answer, begin, see, wait, isSettled: answers.isSettled };
}

describe('an answer is settled', () => {
  test('when a look finds its model as the only one loaded', () => {
    const { answer, see, isSettled } = setUp();
    expect(isSettled('a')).toBe(false);
    answer('a');
    expect(isSettled('a')).toBe(false);
    see('a');
    expect(isSettled('a')).toBe(true);
    expect(isSettled('b')).toBe(false);
  });

  test('when the same models were loaded before and after its request', () => {
    const { answer, see, isSettled } = setUp();
    see('a b');
    answer('a');
    see('a b');
    expect(isSettled('a')).toBe(true);
    expect(isSettled('b')).toBe(false);
    answer('b');
    see('a b');
    expect(isSettled('b')).toBe(true);
  });

  test('for an alias too', () => {
    const { answer, see, isSettled } = setUp();
    answer('alias-a');
    see('a');
    expect(isSettled('alias-a')).toBe(true);
  });

  test('for the TTL when its model is neither loaded nor listed', () => {
    const { answer, see, wait, isSettled } = setUp();
    see('a');
    answer('peer', { isListed: false });
    see('a');
    expect(isSettled('peer')).toBe(true);
    wait(TTL);
    expect(isSettled('peer')).toBe(false);
  });
});

describe('an answer is not settled', () => {
  test('when other models were loaded during its request, because the next one may evict them', () => {
    const { answer, see, isSettled } = setUp();
    answer('a');
    see('a b');
    expect(isSettled('a')).toBe(false);
    see('a b');
    answer('a', { beganAt: 0 });
    see('a b');
    expect(isSettled('a')).toBe(false);
  });

  it.each(['b', 'a b', 'a:starting', 'a:stopping', ''])(
    'after a look that finds "%s"',
    (running) => {
      const { answer, see, isSettled } = setUp();
      answer('a');
      see('a');
      expect(isSettled('a')).toBe(true);
      see(running);
      expect(isSettled('a')).toBe(false);
    },
  );

  test('after another answer, which may have changed the loaded models', () => {
    const { answers, answer, see, isSettled } = setUp();
    answer('a');
    see('a');
    answer('b');
    expect(isSettled('a')).toBe(false);
    see('a');
    answer('a');
    see('a');
    expect(isSettled('a')).toBe(true);
    answers.note(null);
    expect(isSettled('a')).toBe(false);
  });

  test('after a look that began before it', () => {
    const { answer, begin, see, isSettled } = setUp();
    const look = begin();
    answer('a');
    see('a', look);
    expect(isSettled('a')).toBe(false);
    see('a');
    expect(isSettled('a')).toBe(true);
  });

  test('when its model is listed and no longer loaded', () => {
    const { answer, see, isSettled } = setUp();
    see('');
    answer('brief');
    see('');
    expect(isSettled('brief')).toBe(false);
  });

  test('but is noted until a look begins', () => {
    const { answers, answer, begin, see } = setUp();
    expect(answers.isNoted('a')).toBe(false);
    answer('a');
    answer('b');
    expect([answers.isNoted('a'), answers.isNoted('b')]).toEqual([true, true]);
    const look = begin();
    expect(answers.isNoted('a')).toBe(false);
    answer('a');
    see('b', look);
    expect([answers.isNoted('a'), answers.isNoted('b')]).toEqual([true, false]);
  });

  test('after Paddock unloaded a model', () => {
    const { answers, answer, see, isSettled } = setUp();
    answer('a');
    see('a');
    answers.reset();
    expect(isSettled('a')).toBe(false);
  });
});
