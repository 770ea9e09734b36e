import { expect, it } from 'vitest';
import { createRedact } from '../../src/telemetry/redact.ts';
import { toCauseFields } from '../../src/telemetry/cause-fields.ts';

const BRIEF = { isWhole: false, redact: createRedact([]) };
const WHOLE = { ...BRIEF, isWhole: true };

const SECRET = 's3cret';

/** The value that a call throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('It threw nothing');
}

it('writes the messages of an error and its cause in one line', () => {
  const cause = new Error('connect ECONNREFUSED 127.0.0.1:9');
  const error = new TypeError('fetch\nfailed', { cause });
  expect(toCauseFields(error, BRIEF)).toEqual({
    reason: 'fetch failed: connect ECONNREFUSED 127.0.0.1:9',
  });
});

it('adds the stacks of an error and its cause when isWhole is set', () => {
  const { stack = '' } = toCauseFields(
    new TypeError('a', { cause: new RangeError('b\nat c') }),
    WHOLE,
  );
  expect(stack).toMatch(/^TypeError: a\n +at .*cause-fields\.test/);
  expect(stack).toMatch(/\nRangeError: b at c\n +at .*cause-fields\.test/);
});

it('falls back to the code without a message, and has no fields without an error', () => {
  const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
  expect(toCauseFields(refused, BRIEF)).toEqual({ reason: 'ECONNREFUSED' });
  expect(toCauseFields(undefined, WHOLE)).toEqual({});
});

it.each<[string, unknown]>([
  ['a body that is not JSON', thrownBy(() => JSON.parse(`${SECRET} {`))],
  ['a body with a quote', thrownBy(() => JSON.parse(`{"a": "x" ${SECRET}`))],
  ['an invalid header', thrownBy(() => new Headers({ a: `${SECRET}\nx` }))],
  ['a message with quotes', new Error(`"a" ${SECRET} "b" is invalid`)],
  ['a message that is truncated', new Error(`expected "${'x'.repeat(400)} ${SECRET}"`)],
  ['a thrown text', SECRET],
  ['an error’s properties', Object.assign(new Error('x'), { headers: { key: SECRET } })],
  ['the cause of an error', new Error('x', { cause: thrownBy(() => JSON.parse(SECRET)) })],
])('never quotes %s', (_what, error) => {
  expect(JSON.stringify(toCauseFields(error, WHOLE))).not.toContain(SECRET);
});

it('stops at five levels when an error is its own cause', () => {
  const error = new Error('x');
  error.cause = error;
  expect(toCauseFields(error, BRIEF).reason).toBe('x: x: x: x: x');
});
