import { describe, expect, it } from 'vitest';
import { toFault } from '../../../../ui/console/completion/fault.ts';
import { GatewayError } from '../../../../ui/fleet/gateway-error.ts';

const LABEL = 'Lab server';

describe('toFault', () => {
  it.each([
    [{ status: 404, code: 'not_found' }, 'Lab server does not have this model.'],
    [
      { status: 429, code: 'concurrency_limit', retryAfterS: 3 },
      'Lab server has too many waiting requests. Try again in 3 s.',
    ],
    [
      { status: 429, code: 'rate_limit_exceeded', retryAfterS: 45 },
      'Lab server has too many waiting requests. Try again in 45 s.',
    ],
    [
      { status: 429, code: 'rate_limit_exceeded', isOwn: true, retryAfterS: 45 },
      'Paddock accepts no more requests at the moment. Try again in 45 s.',
    ],
    [{ status: 429, code: null }, 'Lab server has too many waiting requests.'],
    [{ status: 502, code: 'provider_unreachable' }, 'Lab server cannot be reached.'],
    [{ status: 500, code: null }, 'Lab server could not answer.'],
    [{ status: 503, code: null }, 'Lab server is not ready for this model.'],
    [{ status: 401, code: 'unauthorized', isOwn: true }, 'Paddock denies access to this page.'],
    [{ status: 403, code: 'forbidden_origin', isOwn: true }, 'Paddock denies access to this page.'],
    [{ status: 403, code: 'forbidden_host', isOwn: true }, 'Paddock denies access to this page.'],
    [{ status: 503, code: 'shutting_down', isOwn: true }, 'Paddock is not ready for this model.'],
    [{ status: 401, code: null }, 'Lab server denies access to Paddock.'],
    [{ status: 403, code: null }, 'Lab server denies access to Paddock.'],
    [{ status: 413, code: 'body_too_large' }, 'The request is too large for Paddock.'],
    [{ status: 400, code: null }, 'Lab server rejected this request.'],
  ])('describes %j, with the message as detail', (at, words) => {
    const fault = toFault(new GatewayError('said', at), { label: LABEL, hasBegun: false });
    expect(fault).toEqual({ words, detail: 'said' });
  });

  it('has no detail when the gateway does not answer', () => {
    const cause = new GatewayError('Nobody answers.', { status: null, code: null });
    expect(toFault(cause, { label: LABEL, hasBegun: false })).toEqual({
      words: 'Nobody answers.',
      detail: null,
    });
  });

  it.each([
    [true, 'Incomplete: the connection to Lab server was lost.'],
    [false, 'The connection to Lab server was lost before an answer arrived.'],
  ])('distinguishes whether an answer had begun: %s', (hasBegun, words) => {
    expect(toFault(new TypeError('network'), { label: LABEL, hasBegun }).words).toBe(words);
  });
});
