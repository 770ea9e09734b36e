import { describe, expect, it } from 'vitest';
import { createPaddock, PaddockApiError, type Paddock } from '../../src/client/client.ts';
import type { Database } from '../../src/database/database.ts';
import { startHost as startSimulated } from '../demo/host-fixture.ts';
import {
  breakOff,
  findDeadPort,
  json,
  startHost as startOddHost,
  text,
  whileTesting,
} from '../hosts.ts';
import { makeApp } from '../make-app.ts';
import { connectTo, failureOf } from './client-fixture.ts';

/** A client of an app before `a`, `cloud`, which is no llama-swap, and `down`, where nobody listens. */
async function setUp(): Promise<Paddock> {
  const { host: a } = new URL((await startSimulated()).url);
  const down = `127.0.0.1:${await findDeadPort()}`;
  const PROVIDERS = `a=llama-swap://${a} cloud=openai://${down} down=llama-swap://${down}`;
  return connectTo(makeApp({ PROVIDERS }));
}

describe('the client rejects with Paddock’s own words', () => {
  const refusals: [string, (paddock: Paddock) => Promise<unknown>, object, message: RegExp][] = [
    [
      'an ID that is none',
      (paddock) => paddock.resolve(''),
      { status: 400, code: 'invalid_model_id', param: 'model' },
      /^The model ID is empty: write provider\/model\.$/u,
    ],
    [
      'a role that nobody has',
      (paddock) => paddock.resolve({ role: 'task' }),
      { status: 400, code: 'model_required', param: 'role' },
      /^No model has the role task: set TASK_MODEL or DEFAULT_MODEL\.$/u,
    ],
    [
      'a model that the host does not have',
      (paddock) => paddock.unload('a/nothing'),
      { status: 404, code: 'not_found', param: 'model' },
      /nothing/u,
    ],
    [
      'a provider that is not set up',
      (paddock) => paddock.unloadAll('no/such one?'),
      { status: 404, code: 'unknown_provider', param: 'name' },
      /^No provider has this name/u,
    ],
    [
      'an order of other favorites',
      (paddock) => paddock.favorites.reorder(['a/small']),
      { status: 409, code: 'conflict', param: 'ids' },
      /^The IDs differ from the current favorites/u,
    ],
    [
      'a provider that unloads nothing',
      (paddock) => paddock.unloadAll('cloud'),
      { status: 409, code: 'unsupported_by_provider', param: null },
      /^cloud is of kind openai/u,
    ],
    [
      'a host that is away',
      (paddock) => paddock.unload('down/small'),
      { status: 502, code: 'provider_unreachable', param: null },
      /^down refused the connection/u,
    ],
  ];

  it.each(refusals)('of %s', async (_name, ask, refusal, message) => {
    const error = await failureOf(ask(await setUp()));
    expect(error).toBeInstanceOf(PaddockApiError);
    expect(error).toMatchObject({ name: 'PaddockApiError', ...refusal });
    expect(error).toHaveProperty('message', expect.stringMatching(message));
  });

  it('of a fleet without hosts', async () => {
    const error = await failureOf(connectTo(makeApp({})).models());
    expect(error).toBeInstanceOf(PaddockApiError);
    expect(error).toMatchObject({ status: 503, code: 'no_providers', param: null });
    expect(error).toHaveProperty('message', expect.stringMatching(/Set PROVIDERS/u));
  });

  it('of a database that is away', async () => {
    const fail = () => Promise.reject(new Error('at http://10.0.0.9 with s3cret'));
    const database: Database = { read: fail, write: fail, script: fail };
    const { favorites } = connectTo(makeApp({}, { database }));
    for (const asking of [favorites.list(), favorites.add('m'), favorites.reorder(['m'])]) {
      const error = await failureOf(asking);
      expect(error).toMatchObject({ status: 503, code: 'database_unavailable', param: null });
      expect(String(error)).not.toContain('s3cret');
    }
  });
});

describe('the client says that it is not Paddock who answers', () => {
  const withoutSrc = { error: { message: 'Go to http://10.0.0.9', code: 'not_found', param: 'x' } };

  it.each([
    ['HTML', 200, text('<h1>Sign in</h1>')],
    ['HTML', 502, text('<h1>Bad Gateway</h1>', 'text/html', 502)],
    ['JSON of somebody else’s', 404, json(withoutSrc, 404)],
    ['JSON that says src and nothing else', 500, json({ src: 'paddock' }, 500)],
    ['JSON that is no object', 403, json(null, 403)],
    ['half of some JSON', 200, text('{"providers":[', 'application/json')],
    ['nothing', 200, text('', 'application/json')],
  ])('where that is %s with status %i', async (_name, status, answer) => {
    const host = await whileTesting(startOddHost({ '/gate/api/models': answer }));
    const url = `http://127.0.0.1:${host.port}/gate`;
    const error = await failureOf(createPaddock({ url, apiKey: 's3cret' }).models());
    expect(error).toBeInstanceOf(PaddockApiError);
    expect(error).toMatchObject({ status, code: null, param: null });
    expect(error).toHaveProperty(
      'message',
      `/gate/api/models answered HTTP ${status} in another format than Paddock's: check that the address is Paddock's.`,
    );
  });
});

describe('the client rejects with what fetch throws', () => {
  it('where nobody listens', async () => {
    const paddock = createPaddock({ url: `http://127.0.0.1:${await findDeadPort()}` });
    const asked = [
      paddock.models(),
      paddock.resolve('m'),
      paddock.favorites.remove('m'),
      paddock.unloadAll('a'),
    ];
    for (const asking of asked) {
      const error = await failureOf(asking);
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    }
  });

  it('where the answer breaks off', async () => {
    const host = await whileTesting(startOddHost({ '/api/models': breakOff }));
    const paddock = createPaddock({ url: `http://127.0.0.1:${host.port}` });
    expect(await failureOf(paddock.models())).toBeInstanceOf(TypeError);
  });

  it('as it is, where it is another', async () => {
    const reason = new Error('no way there');
    const paddock = createPaddock({
      url: 'http://paddock.test',
      fetch: () => Promise.reject(reason),
    });
    expect(await failureOf(paddock.doctor())).toBe(reason);
    expect(await failureOf(paddock.favorites.list())).toBe(reason);
  });
});
