import { expect, it } from 'vitest';
import { createRedact } from '../../src/telemetry/redact.ts';
import { toCauseFields } from '../../src/telemetry/cause-fields.ts';

const BRIEF = { isWhole: false, redact: createRedact([]) };
const WHOLE = { ...BRIEF, isWhole: true };

const SECRET = 's3cret';

/** What a call throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('It threw nothing');
}

it('names what lay under a failure, and what lay under that, in one line', () => {
  const cause = new Error('connect ECONNREFUSED 127.0.0.1:9');
  const error = new TypeError('fetch\nfailed', { cause });
  expect(toCauseFields(error, BRIEF)).toEqual({
    reason: 'fetch failed: connect ECONNREFUSED 127.0.0.1:9',
  });
});

it('shows where it came from where all is wanted', () => {
  const { stack = '' } = toCauseFields(
    new TypeError('a', { cause: new RangeError('b\nat c') }),
    WHOLE,
  );
  expect(stack).toMatch(/^TypeError: a\n +at .*cause-fields\.test/);
  expect(stack).toMatch(/\nRangeError: b at c\n +at .*cause-fields\.test/);
});

it('has a code where there is no message, and nothing where there is no cause', () => {
  const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
  expect(toCauseFields(refused, BRIEF)).toEqual({ reason: 'ECONNREFUSED' });
  expect(toCauseFields(undefined, WHOLE)).toEqual({});
});

it.each<[string, unknown]>([
  ['a body that is no JSON', thrownBy(() => JSON.parse(`${SECRET} {`))],
  ['a body with a quote in it', thrownBy(() => JSON.parse(`{"a": "x" ${SECRET}`))],
  ['a header that cannot be one', thrownBy(() => new Headers({ a: `${SECRET}\nx` }))],
  ['a text with quotes in it', new Error(`"a" ${SECRET} "b" is none`)],
  ['a text that was cut', new Error(`expected "${'x'.repeat(400)} ${SECRET}"`)],
  ['what is no error', SECRET],
  ['what an error carries', Object.assign(new Error('x'), { headers: { key: SECRET } })],
  ['what lies deeper', new Error('x', { cause: thrownBy(() => JSON.parse(SECRET)) })],
])('quotes nothing of %s', (_what, error) => {
  expect(JSON.stringify(toCauseFields(error, WHOLE))).not.toContain(SECRET);
});

it('ends, though an error is its own cause', () => {
  const error = new Error('x');
  error.cause = error;
  expect(toCauseFields(error, BRIEF).reason).toBe('x: x: x: x: x');
});
