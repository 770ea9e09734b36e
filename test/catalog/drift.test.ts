import { describe, expect, test } from 'vitest';
import { createDriftWatch, findAliasDrifts, findDrifts } from '../../src/catalog/drift.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { offline, online, snapshotOf } from './snapshots.ts';

const settings = parseSettings({
  PROVIDERS: 'a=llama-swap://a b=llama-swap://b',
  DEFAULT_MODEL: 'gone',
  COMPACTION_MODEL: 'small',
  ARENA_MODELS: 'b/x, b/old',
});

const SMALL = { id: 's', meta: { llamaswap: { aliases: ['small'] } } };

describe('findDrifts', () => {
  test('reports each setting whose model an online provider does not list', () => {
    const snapshot = snapshotOf({ a: online({ id: 'q' }, SMALL), b: online({ id: 'x' }) });
    expect(findDrifts(settings, snapshot)).toEqual([
      {
        variable: 'DEFAULT_MODEL',
        id: 'a/gone',
        message:
          'DEFAULT_MODEL is "a/gone", but a does not list "gone": set it to a model of /api/models.',
      },
      {
        variable: 'ARENA_MODELS',
        id: 'b/old',
        message:
          'ARENA_MODELS is "b/old", but b does not list "old": set it to a model of /api/models.',
      },
    ]);
  });

  test.each(['offline', 'unauthorized', 'invalid'] as const)(
    'ignores models of a provider that is %s',
    (status) => {
      expect(findDrifts(settings, snapshotOf({ a: offline(status), b: offline(status) }))).toEqual(
        [],
      );
    },
  );

  test('explains a wrong prefix', () => {
    const wrong = parseSettings({
      PROVIDERS: 'a=llama-swap://a b=llama-swap://b',
      DEFAULT_MODEL: 'bee/x',
      TASK_MODEL: 'a/paddock/x',
    });
    const snapshot = snapshotOf({ a: online('q'), b: online('x') });
    expect(findDrifts(wrong, snapshot).map(({ message }) => message)).toEqual([
      'DEFAULT_MODEL: "bee/x" does not begin with the name of a provider, so it is a bare ID of a, which does not list it. Providers: a, b. Did you mean b/x?',
      'TASK_MODEL is "a/paddock/x", but a does not list "paddock/x": set it to a model of /api/models. Did you mean b/x?',
    ]);
  });

  test('reports nothing before the first probe', () => {
    expect(findDrifts(settings, null)).toEqual([]);
    expect(findDrifts(settings, snapshotOf({}))).toEqual([]);
  });
});

describe('findAliasDrifts', () => {
  test('reports each alias whose model an online provider does not list', () => {
    const { registry } = parseSettings({
      PROVIDERS: 'a=llama-swap://a b=llama-swap://b c=llama-swap://c',
      MODEL_ALIASES: 'good=a/q small=a/small old=a/gone wrong=a/b/x away=c/z',
    });
    const snapshot = snapshotOf({ a: online('q', SMALL), b: online('x'), c: offline() });
    expect(findAliasDrifts({ registry, snapshot }).map(({ message }) => message)).toEqual([
      'MODEL_ALIASES: old is "a/gone", but a does not list "gone": set it to a model of /api/models.',
      'MODEL_ALIASES: wrong is "a/b/x", but a does not list "b/x": set it to a model of /api/models. Did you mean b/x?',
    ]);
  });
});

describe('createDriftWatch', () => {
  test('reports a drift once, and again after the model was listed in between', () => {
    const messages: string[] = [];
    const watch = createDriftWatch(settings, (message) => messages.push(message));
    const whole = online({ id: 'gone' }, SMALL);
    const drifted = online(SMALL);
    const b = online({ id: 'x' }, { id: 'old' });
    for (const a of [whole, drifted, drifted, whole, drifted]) watch(snapshotOf({ a, b }));
    expect(messages).toHaveLength(2);
    expect(messages[0]).toContain('"a/gone"');
  });
});
