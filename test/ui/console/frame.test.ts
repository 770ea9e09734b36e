import { describe, expect, it } from 'vitest';
import { checkKey } from '../../../ui/console/check-key.ts';
import { toNotice } from '../../../ui/console/to-notice.ts';
import { readView } from '../../../ui/console/views.ts';
import { GatewayError } from '../../../ui/fleet/gateway-error.ts';
import { findDeadPort, startHost, text, whileTesting } from '../../hosts.ts';

it.each([
  ['', 'chat'],
  ['#/chat', 'chat'],
  ['#/arena', 'arena'],
  ['#/hosts', 'hosts'],
  ['#/hosts/', 'hosts'],
  ['#/herd', 'hosts'],
  ['#/connect/opencode', 'connect'],
  ['#/nothing', 'chat'],
  ['#/toString', 'chat'],
  ['#hosts', 'chat'],
])('the address %j opens the view %s', (hash, view) => {
  expect(readView(hash)).toBe(view);
});

describe('toNotice', () => {
  const notice = (status: number | null, code: string | null) =>
    toNotice(new GatewayError('What it says.', { status, code }));

  it('describes an error of the gateway', () => {
    expect(toNotice(null)).toBeNull();
    expect(notice(null, null)).toEqual({
      kind: 'offline',
      text: 'Paddock does not respond. Retrying…',
    });
    expect(notice(401, 'unauthorized')?.kind).toBe('locked');
    expect(notice(503, 'no_providers')?.kind).toBe('empty');
    expect(notice(403, 'forbidden_host')).toEqual({ kind: 'fault', text: 'What it says.' });
    expect(notice(500, null)).toEqual({ kind: 'fault', text: 'What it says.' });
  });
});

describe('checkKey', () => {
  const startGateway = (status: number) =>
    whileTesting(
      startHost({
        '/api/roles': (request, response) => {
          const isRight = request.headers.authorization === 'Bearer s3cret';
          return text('{}', 'application/json', isRight ? status : 401)(request, response);
        },
      }),
    );

  it('answers right for an accepted key, also without providers', async () => {
    for (const status of [200, 503]) {
      const src = `http://127.0.0.1:${(await startGateway(status)).port}`;
      expect(await checkKey({ src, key: 's3cret' })).toBe('accepted');
      expect(await checkKey({ src, key: 'other' })).toBe('rejected');
    }
  });

  it.each(['', 'ключ', 'two words', 'line\nbreak'])(
    'answers wrong for a key that no header can carry: %j',
    async (key) => {
      expect(await checkKey({ src: 'http://127.0.0.1:1', key })).toBe('rejected');
    },
  );

  it('does not answer wrong when the gateway does not answer', async () => {
    const src = `http://127.0.0.1:${await findDeadPort()}`;
    expect(await checkKey({ src, key: 's3cret' })).toBe('unreachable');
  });
});
