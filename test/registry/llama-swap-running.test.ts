import * as fc from 'fast-check';
import { safeParse } from 'valibot';
import { describe, expect, it, test } from 'vitest';
import type { RunningModel } from '../../src/registry/provider-models.ts';
import { toRunningModels } from '../../src/registry/kinds/llama-swap-running.ts';
import { RUNNING } from '../../src/registry/kinds/llama-swap-bodies.ts';
import { inputs } from '../fuzz.ts';

function readRunning(value: unknown): ReadonlyMap<string, RunningModel> | null {
  const parsed = safeParse(RUNNING.schema, value);
  return parsed.success ? toRunningModels(parsed.output.running) : null;
}

describe('toRunningModels', () => {
  test('reads a state for each loaded model', () => {
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

  test('reads an empty list', () => {
    expect(readRunning({ running: [] })?.size).toBe(0);
  });

  it.each(['shutdown', 'stopped', 'READY', '', 'constructor'])(
    'reads the state "%s" as unknown',
    (state) => {
      expect(readRunning({ running: [{ model: 'a', state }] })?.get('a')?.state).toBe('unknown');
    },
  );

  it.each([
    ['null', null],
    ['an empty object', {}],
    ['an object without a model', { state: 'ready' }],
    ['an object without a state', { model: 'odd' }],
    ['an object with a number as model', { model: 7, state: 'ready' }],
    ['an object with a control character in its model', { model: 'odd\n', state: 'ready' }],
    ['an object with a model of 513 characters', { model: 'x'.repeat(513), state: 'ready' }],
  ])('skips an entry that is %s, and keeps the others', (_, entry) => {
    const states = readRunning({ running: [entry, { model: 'a', state: 'ready' }] });
    expect(states?.get('a')?.state).toBe('ready');
    expect(states?.size).toBe(1);
  });

  test('reads a model with two different states as unknown', () => {
    const twice = (...states: string[]) =>
      readRunning({ running: states.map((state) => ({ model: 'a', state, cmd: 'x -c 4096' })) });
    expect(twice('ready', 'starting')?.get('a')).toEqual({
      state: 'unknown',
      commandContext: null,
    });
    expect(twice('ready', 'ready')?.get('a')).toEqual({ state: 'ready', commandContext: 4096 });
  });

  it.each([7, null, {}, ['-c', '4096']])('reads no context when the command is %j', (cmd) => {
    const running = [{ model: 'a', state: 'ready', cmd }];
    expect(readRunning({ running })?.get('a')).toEqual({ state: 'ready', commandContext: null });
  });

  it.each([
    ['null', null],
    ['a text', 'OK'],
    ['an array', []],
    ['an error', { error: 'not found' }],
    ['text as the list', { running: 'yes' }],
    ['an object as the list', { running: { a: 'ready' } }],
  ])('answers null for %s', (_, value) => {
    expect(readRunning(value)).toBeNull();
  });

  test('never throws, for any JSON', () => {
    const property = fc.property(fc.jsonValue(), (value) => {
      expect(() => readRunning(value)).not.toThrow();
      expect(readRunning({ running: [value] })).toBeInstanceOf(Map);
    });
    fc.assert(property, inputs(500));
  });
});
