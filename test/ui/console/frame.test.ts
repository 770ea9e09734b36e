import { describe, expect, it } from 'vitest';
import { checkKey } from '../../../ui/console/check-key.ts';
import { toNotice } from '../../../ui/console/to-notice.ts';
import { readView } from '../../../ui/console/view-name.ts';
import { GatewayError } from '../../../ui/fleet/gateway.ts';
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

describe('what is wrong with the gateway', () => {
  const notice = (status: number | null, code: string | null) =>
    toNotice(new GatewayError('What it says.', { status, code }));

  it('is put into words for who sits before the page', () => {
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

describe('a key', () => {
  const startGateway = (status: number) =>
    whileTesting(
      startHost({
        '/api/roles': (request, response) => {
          const isRight = request.headers.authorization === 'Bearer s3cret';
          return text('{}', 'application/json', isRight ? status : 401)(request, response);
        },
      }),
    );

  it('is right where the gateway takes it, even if it has no host to tell of', async () => {
    for (const status of [200, 503]) {
      const src = `http://127.0.0.1:${(await startGateway(status)).port}`;
      expect(await checkKey({ src, key: 's3cret' })).toBe('accepted');
      expect(await checkKey({ src, key: 'other' })).toBe('rejected');
    }
  });

  it.each(['', 'ключ', 'two words', 'line\nbreak'])(
    'that no header carries is wrong: %j',
    async (key) => {
      expect(await checkKey({ src: 'http://127.0.0.1:1', key })).toBe('rejected');
    },
  );

  it('is not called wrong where nobody answers', async () => {
    const src = `http://127.0.0.1:${await findDeadPort()}`;
    expect(await checkKey({ src, key: 's3cret' })).toBe('unreachable');
  });
});
