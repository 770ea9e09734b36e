import { describe, expect, it } from 'vitest';
import { createPaddock, PaddockApiError, type Paddock } from '../../src/client/client.ts';
import type { Database } from '../../src/database/database.ts';
import { startHost as startSimulated } from '../demo/host-fixture.ts';
import {
  breakOff,
  findDeadPort,
  json,
  startHost as startTestHost,
  text,
  whileTesting,
} from '../hosts.ts';
import { makeApp } from '../make-app.ts';
import { connectTo, failureOf } from './client-fixture.ts';

/** A client of an app with the providers `a`, `cloud` (of kind openai) and `down`, whose port is closed. */
async function setUp(): Promise<Paddock> {
  const { host: a } = new URL((await startSimulated()).url);
  const down = `127.0.0.1:${await findDeadPort()}`;
  const PROVIDERS = `a=llama-swap://${a} cloud=openai://${down} down=llama-swap://${down}`;
  return connectTo(makeApp({ PROVIDERS }));
}

describe('the client rejects with Paddock’s error for', () => {
  const refusals: [string, (paddock: Paddock) => Promise<unknown>, object, message: RegExp][] = [
    [
      'an invalid ID',
      (paddock) => paddock.resolve(''),
      { status: 400, code: 'invalid_model_id', param: 'model' },
      /^The model ID is empty: write provider\/model\.$/u,
    ],
    [
      'a role that no model has',
      (paddock) => paddock.resolve({ role: 'task' }),
      { status: 400, code: 'model_required', param: 'role' },
      /^No model has the role task: set TASK_MODEL or DEFAULT_MODEL\.$/u,
    ],
    [
      'a model that the upstream does not have',
      (paddock) => paddock.unload('a/nothing'),
      { status: 404, code: 'not_found', param: 'model' },
      /nothing/u,
    ],
    [
      'an unknown provider',
      (paddock) => paddock.unloadAll('no/such one?'),
      { status: 404, code: 'unknown_provider', param: 'name' },
      /^No provider has this name/u,
    ],
    [
      'an order with other favorites',
      (paddock) => paddock.favorites.reorder(['a/small']),
      { status: 409, code: 'conflict', param: 'ids' },
      /^The IDs differ from the current favorites/u,
    ],
    [
      'a provider that cannot unload',
      (paddock) => paddock.unloadAll('cloud'),
      { status: 409, code: 'unsupported_by_provider', param: null },
      /^cloud is of kind openai/u,
    ],
    [
      'an offline provider',
      (paddock) => paddock.unload('down/small'),
      { status: 502, code: 'provider_unreachable', param: null },
      /^down refused the connection/u,
    ],
  ];

  it.each(refusals)('%s', async (_name, send, refusal, message) => {
    const error = await failureOf(send(await setUp()));
    expect(error).toBeInstanceOf(PaddockApiError);
    expect(error).toMatchObject({ name: 'PaddockApiError', ...refusal });
    expect(error).toHaveProperty('message', expect.stringMatching(message));
  });

  it('settings without providers', async () => {
    const error = await failureOf(connectTo(makeApp({})).models());
    expect(error).toBeInstanceOf(PaddockApiError);
    expect(error).toMatchObject({ status: 503, code: 'no_providers', param: null });
    expect(error).toHaveProperty('message', expect.stringMatching(/Set PROVIDERS/u));
  });

  it('an unavailable database', async () => {
    const fail = () => Promise.reject(new Error('at http://10.0.0.9 with s3cret'));
    const database: Database = { read: fail, write: fail, script: fail };
    const { favorites } = connectTo(makeApp({}, { database }));
    for (const request of [favorites.list(), favorites.add('m'), favorites.reorder(['m'])]) {
      const error = await failureOf(request);
      expect(error).toMatchObject({ status: 503, code: 'database_unavailable', param: null });
      expect(String(error)).not.toContain('s3cret');
    }
  });
});

describe('the client reports a server that is not Paddock', () => {
  const withoutSrc = { error: { message: 'Go to http://10.0.0.9', code: 'not_found', param: 'x' } };

  it.each([
    ['HTML', 200, text('<h1>Sign in</h1>')],
    ['HTML', 502, text('<h1>Bad Gateway</h1>', 'text/html', 502)],
    ['JSON without src', 404, json(withoutSrc, 404)],
    ['JSON with src alone', 500, json({ src: 'paddock' }, 500)],
    ['JSON that is not an object', 403, json(null, 403)],
    ['truncated JSON', 200, text('{"providers":[', 'application/json')],
    ['an empty body', 200, text('', 'application/json')],
  ])('when it answers %s with status %i', async (_name, status, answer) => {
    const host = await whileTesting(startTestHost({ '/proxy/api/models': answer }));
    const url = `http://127.0.0.1:${host.port}/proxy`;
    const error = await failureOf(createPaddock({ url, apiKey: 's3cret' }).models());
    expect(error).toBeInstanceOf(PaddockApiError);
    expect(error).toMatchObject({ status, code: null, param: null });
    expect(error).toHaveProperty(
      'message',
      `/proxy/api/models answered HTTP ${status} in another format than Paddock's: check that the address is Paddock's.`,
    );
  });
});

describe('the client rejects with the error of fetch', () => {
  it('when the connection is refused', async () => {
    const paddock = createPaddock({ url: `http://127.0.0.1:${await findDeadPort()}` });
    const requests = [
      paddock.models(),
      paddock.resolve('m'),
      paddock.favorites.remove('m'),
      paddock.unloadAll('a'),
    ];
    for (const request of requests) {
      const error = await failureOf(request);
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    }
  });

  it('when the answer breaks off', async () => {
    const host = await whileTesting(startTestHost({ '/api/models': breakOff }));
    const paddock = createPaddock({ url: `http://127.0.0.1:${host.port}` });
    expect(await failureOf(paddock.models())).toBeInstanceOf(TypeError);
  });

  it('unchanged for a custom fetch', async () => {
    const reason = new Error('no route');
    const paddock = createPaddock({
      url: 'http://paddock.test',
      fetch: () => Promise.reject(reason),
    });
    expect(await failureOf(paddock.doctor())).toBe(reason);
    expect(await failureOf(paddock.favorites.list())).toBe(reason);
  });
});
