import { describe, expect, it } from 'vitest';
import { readTraceparent, toTraceparent } from '../../src/telemetry/traceparent.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const ZEROS = '0'.repeat(32);

describe('traceparent', () => {
  it.each([
    [`00-${TRACE}-${SPAN}-01`, 1],
    [`00-${TRACE}-${SPAN}-00`, 0],
    [`00-${TRACE}-${SPAN}-03`, 3],
    [`01-${TRACE}-${SPAN}-01`, 1],
    [`cc-${TRACE}-${SPAN}-01-fields of a later version`, 1],
  ])('is read: %s', (header, traceFlags) => {
    expect(readTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags });
  });

  it.each([
    [undefined],
    [''],
    [`00-${TRACE}-${SPAN}`],
    [`00-${TRACE}-${SPAN}-1`],
    [`00-${TRACE}-${SPAN}-01-more`],
    [`cc-${TRACE}-${SPAN}-01.more`],
    [`ff-${TRACE}-${SPAN}-01`],
    [`00-${ZEROS}-${SPAN}-01`],
    [`00-${TRACE}-${ZEROS.slice(16)}-01`],
    [`00-${TRACE.toUpperCase()}-${SPAN}-01`],
    [`00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    [`00-${TRACE}-${SPAN}-01\n`],
  ])('is ignored: %s', (header) => {
    expect(readTraceparent(header)).toBeNull();
  });

  it('is written in the form that is read', () => {
    const header = `00-${TRACE}-${SPAN}-01`;
    expect(toTraceparent({ traceId: TRACE, spanId: SPAN, traceFlags: 1 })).toBe(header);
  });
});
