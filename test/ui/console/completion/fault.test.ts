import { describe, expect, it } from 'vitest';
import { toFault } from '../../../../ui/console/completion/fault.ts';
import { GatewayError } from '../../../../ui/fleet/gateway.ts';

const LABEL = 'Lab server';

describe('what went wrong', () => {
  it.each([
    [{ status: 404, code: 'not_found' }, 'Lab server does not know this model.'],
    [
      { status: 429, code: 'concurrency_limit', retryAfterS: 3 },
      'Lab server is full: too many requests wait there already. It asks to wait 3 s.',
    ],
    [
      { status: 429, code: 'rate_limit_exceeded', retryAfterS: 45 },
      'Lab server is full: too many requests wait there already. It asks to wait 45 s.',
    ],
    [
      { status: 429, code: 'rate_limit_exceeded', isOwn: true, retryAfterS: 45 },
      'Paddock takes no more requests for now. It asks to wait 45 s.',
    ],
    [{ status: 429, code: null }, 'Lab server is full: too many requests wait there already.'],
    [{ status: 502, code: 'provider_unreachable' }, 'Lab server cannot be reached.'],
    [{ status: 500, code: null }, 'Lab server could not answer.'],
    [{ status: 503, code: null }, 'Lab server is not ready for this model.'],
    [{ status: 401, code: 'unauthorized', isOwn: true }, 'Paddock does not let this page in.'],
    [{ status: 403, code: 'forbidden_origin', isOwn: true }, 'Paddock does not let this page in.'],
    [{ status: 403, code: 'forbidden_host', isOwn: true }, 'Paddock does not let this page in.'],
    [{ status: 503, code: 'shutting_down', isOwn: true }, 'Paddock is not ready for this model.'],
    [{ status: 401, code: null }, 'Lab server does not let Paddock in.'],
    [{ status: 403, code: null }, 'Lab server does not let Paddock in.'],
    [{ status: 413, code: 'body_too_large' }, 'The request is larger than Paddock takes.'],
    [{ status: 400, code: null }, 'Lab server refuses this request.'],
  ])('as %j is said in words, with what the host said', (at, words) => {
    const fault = toFault(new GatewayError('said', at), { label: LABEL, hasBegun: false });
    expect(fault).toEqual({ words, detail: 'said' });
  });

  it('is the gateway’s own silence where nobody answers', () => {
    const cause = new GatewayError('Nobody answers.', { status: null, code: null });
    expect(toFault(cause, { label: LABEL, hasBegun: false })).toEqual({
      words: 'Nobody answers.',
      detail: null,
    });
  });

  it.each([
    [true, 'Cut off: the connection to Lab server broke.'],
    [false, 'The connection to Lab server broke before an answer came.'],
  ])('says whether something had come: %s', (hasBegun, words) => {
    expect(toFault(new TypeError('network'), { label: LABEL, hasBegun }).words).toBe(words);
  });
});
