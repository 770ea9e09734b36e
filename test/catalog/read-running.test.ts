import * as fc from 'fast-check';
import { safeParse } from 'valibot';
import { describe, expect, it, test } from 'vitest';
import { toRunningModels, type RunningModel } from '../../src/catalog/read-running.ts';
import { RUNNING } from '../../src/upstream/bodies.ts';
import { inputs } from '../fuzz.ts';

function readRunning(value: unknown): ReadonlyMap<string, RunningModel> | null {
  const parsed = safeParse(RUNNING.schema, value);
  return parsed.success ? toRunningModels(parsed.output.running) : null;
}

describe('what /running says', () => {
  test('is a state for each model that is loaded', () => {
    const running = [
      { model: 'a', state: 'ready', cmd: 'llama-server --api-key k', proxy: 'http://x', ttl: 0 },
      { model: 'vendor/b:q4', state: 'starting' },
      { model: '__proto__', state: 'stopping' },
    ];
    const states = [...(readRunning({ running }) ?? [])].map(([name, { state }]) => [name, state]);
    expect(states).toEqual([
      ['a', 'ready'],
      ['vendor/b:q4', 'starting'],
      ['__proto__', 'stopping'],
    ]);
  });

  test('may be that nothing is loaded', () => {
    expect(readRunning({ running: [] })?.size).toBe(0);
  });

  it.each(['shutdown', 'stopped', 'READY', '', 'constructor'])(
    'of a state called "%s" is that it is unknown',
    (state) => {
      expect(readRunning({ running: [{ model: 'a', state }] })?.get('a')?.state).toBe('unknown');
    },
  );

  it.each([
    ['null', null],
    ['no object', {}],
    ['no model', { state: 'ready' }],
    ['no state', { model: 'odd' }],
    ['a model that is a number', { model: 7, state: 'ready' }],
    ['a name that no ID can hold', { model: 'odd\n', state: 'ready' }],
    ['a name without end', { model: 'x'.repeat(513), state: 'ready' }],
  ])('is kept of the others where an entry is %s', (_, entry) => {
    const states = readRunning({ running: [entry, { model: 'a', state: 'ready' }] });
    expect(states?.get('a')?.state).toBe('ready');
    expect(states?.size).toBe(1);
  });

  test('is not believed of a model that stands there in two states', () => {
    const twice = (...states: string[]) =>
      readRunning({ running: states.map((state) => ({ model: 'a', state, cmd: 'x -c 4096' })) });
    expect(twice('ready', 'starting')?.get('a')).toEqual({
      state: 'unknown',
      commandContext: null,
    });
    expect(twice('ready', 'ready')?.get('a')).toEqual({ state: 'ready', commandContext: 4096 });
  });

  it.each([7, null, {}, ['-c', '4096']])('has no size where the command is %j', (cmd) => {
    const running = [{ model: 'a', state: 'ready', cmd }];
    expect(readRunning({ running })?.get('a')).toEqual({ state: 'ready', commandContext: null });
  });

  it.each([
    ['null', null],
    ['a text', 'OK'],
    ['an array', []],
    ['an error', { error: 'not found' }],
    ['something else under that name', { running: 'yes' }],
    ['an object under that name', { running: { a: 'ready' } }],
  ])('is nothing where it is %s', (_, value) => {
    expect(readRunning(value)).toBeNull();
  });

  test('is never thrown at, whatever JSON it is', () => {
    const property = fc.property(fc.jsonValue(), (value) => {
      expect(() => readRunning(value)).not.toThrow();
      expect(readRunning({ running: [value] })).toBeInstanceOf(Map);
    });
    fc.assert(property, inputs(500));
  });
});
