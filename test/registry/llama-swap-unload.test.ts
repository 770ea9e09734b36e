import { describe, expect, it } from 'vitest';
import type { Release } from '../../demo/release.ts';
import { states } from '../demo/host-fixture.ts';
import { json, modelList, text } from '../hosts.ts';
import { failureOf, serve, simulate, type Answers } from '../upstream/upstream-fixture.ts';

const RELEASES: Release[] = ['current', 'v230', 'old'];
const UNLOAD = '/api/models/unload';

describe('unloading all', () => {
  it.each([
    ['current', [`POST ${UNLOAD}`]],
    ['v230', [`POST ${UNLOAD}`]],
    ['old', [`POST ${UNLOAD}`, 'GET /unload']],
  ] as const)('stops every model of release %s with %j', async (release, requests) => {
    const { unload, host, sent } = await simulate({ release, loaded: 'small' });
    expect(await unload(null)).toMatchObject({ kind: 'ok' });
    expect(states(host)).toEqual([]);
    expect(sent).toEqual(requests);
  });

  it.each([404, 405])('falls back to GET /unload after a %i', async (status) => {
    const { unload, sent } = await serve({ [UNLOAD]: text('', '', status), '/unload': text('OK') });
    await unload(null);
    expect(sent).toEqual([`POST ${UNLOAD}`, 'GET /unload']);
  });

  it.each([400, 401, 403, 429, 500, 502, 503])(
    'sends no second request after a %i',
    async (status) => {
      const { unload, sent } = await serve({ [UNLOAD]: json({ error: 'no' }, status) });
      expect(await failureOf(unload(null))).toMatchObject({ status });
      expect(sent).toEqual([`POST ${UNLOAD}`]);
    },
  );

  it.each<[string, Answers[string], RegExp]>([
    [
      'an HTML page',
      text('<html>Log in</html>'),
      /expected "OK" or an object without "error" but received HTML$/,
    ],
    ['an array', json(['ok']), /received other JSON$/],
    ['broken JSON', text('{"msg":'), /received text that is not JSON$/],
    ['an empty body', text(''), /received nothing$/],
    ['the error of another server', json({ error: 'Unexpected endpoint' }), /received other JSON$/],
  ])('fails for a 200 with %s', async (_, answer, message) => {
    const { unload } = await serve({ [UNLOAD]: answer });
    const error = await failureOf(unload(null));
    expect(error).toMatchObject({ kind: 'unexpected', status: 200 });
    expect(error.cause.message).toMatch(message);
  });
});

describe('unloading one', () => {
  const releases = ['current', 'v230'] as const;

  it.each(releases)('stops a model by its ID or an alias at release %s', async (release) => {
    for (const name of ['small', 'tiny']) {
      const { unload, host, sent } = await simulate({ release, loaded: 'small' });
      await unload(name);
      expect(states(host)).toEqual([]);
      expect(sent).toEqual([`POST ${UNLOAD}/${name}`]);
    }
  });

  it.each(releases)('does not stop other models at release %s', async (release) => {
    const { unload, host } = await simulate({ release, loaded: 'small' });
    await unload('eye');
    expect(states(host)).toEqual([['small', 'ready']]);
  });

  it.each([
    ['current', 'missing'],
    ['current', 'friend/far'],
    ['v230', 'missing'],
  ] as const)("is the upstream's 404 at release %s for %s", async (release, model) => {
    const { unload, sent } = await simulate({ release, loaded: 'small' });
    const error = await failureOf(unload(model));
    expect(error).toMatchObject({ kind: 'status', status: 404 });
    expect(error.cause.message).toBe(
      `POST ${UNLOAD}/${encodeURIComponent(model)}: HTTP 404: model not found`,
    );
    expect(sent).toHaveLength(1);
  });

  it.each(['a/b', 'ü', 'a?b#c', '%2e%2e', 'a%2Fb', '...', 'a b', 'unload'])(
    'stops a model named %j, and no other',
    async (name) => {
      const models = [name, 'kept'].map((id) => ({ id, loadMs: 1 }));
      const { unload, host, sent } = await simulate({ models, loaded: name });
      await unload(name);
      expect(states(host)).toEqual([]);
      const other = await simulate({ models, loaded: 'kept' });
      await other.unload(name);
      expect(states(other.host)).toEqual([['kept', 'ready']]);
      expect(sent).toEqual([`POST ${UNLOAD}/${encodeURIComponent(name)}`]);
    },
  );

  it.each(['', '.', '..', '../unload', 'a/../../unload', '/small', 'small/', '\uD800'])(
    'sends nothing for the name %j, which no path can carry',
    async (name) => {
      for (const release of RELEASES) {
        const { unload, host, sent } = await simulate({ release, loaded: 'small' });
        const error = { name: 'PaddockError', code: 'invalid_model_id' };
        await expect(unload(name)).rejects.toMatchObject(error);
        expect(states(host)).toEqual([['small', 'ready']]);
        expect(sent).toEqual([]);
      }
    },
  );

  it('does not follow a redirect', async () => {
    const { unload, sent } = await serve({
      [`${UNLOAD}/a`]: (_, response) => response.writeHead(307, { location: UNLOAD }).end(),
      [UNLOAD]: json({ msg: 'ok' }),
    });
    const error = await failureOf(unload('a'));
    expect(error).toMatchObject({ kind: 'status', status: 307 });
    expect(error.cause.message).toMatch(/a redirect, which is not followed$/);
    expect(sent).toEqual([`POST ${UNLOAD}/a`]);
  });
});

describe('unloading one model at releases before v161', () => {
  const ready = (...models: string[]) => models.map((model) => ({ model, state: 'ready' }));
  const requests = [`POST ${UNLOAD}/a`, 'GET /running'];

  interface Old {
    running: object[];
    /** The body of the router's 404; empty since v126. */
    refusal?: string;
    listed?: string[];
  }

  function serveOld({ running, refusal = '404 page not found', listed = ['a', 'b'] }: Old) {
    return serve({
      [`${UNLOAD}/a`]: text(refusal, 'text/plain', 404),
      '/running': json({ running }),
      '/v1/models': json(modelList(...listed)),
      '/unload': text('OK', 'text/plain'),
    });
  }

  it.each<[string, Old]>([
    ['only that model is loaded', { running: ready('a') }],
    ['the router’s 404 has no body', { running: ready('a'), refusal: '' }],
    [
      'the other models are stopped',
      { running: [...ready('a'), { model: 'b', state: 'stopped' }] },
    ],
  ])('stops all models when %s', async (_, old) => {
    const { unload, sent } = await serveOld(old);
    await unload('a');
    expect(sent).toEqual([...requests, 'GET /unload']);
  });

  it('does nothing when no model is loaded', async () => {
    const { unload, sent } = await serveOld({ running: [] });
    await unload('a');
    expect(sent).toEqual(requests);
  });

  it('does nothing when another model is loaded', async () => {
    const { unload, sent } = await serveOld({ running: ready('b') });
    await unload('a');
    expect(sent).toEqual([...requests, 'GET /v1/models']);
  });

  it.each<[string, Old, string[]]>([
    ['other models are loaded too', { running: ready('a', 'b') }, requests],
    [
      'another model is starting',
      { running: [...ready('a'), { model: 'b', state: 'starting' }] },
      requests,
    ],
    [
      'the name may be an alias of the loaded model',
      { running: ready('b'), listed: ['b'] },
      [...requests, 'GET /v1/models'],
    ],
  ])('refuses when %s', async (_, old, sent) => {
    const connected = await serveOld(old);
    const error = await failureOf(connected.unload('a'));
    expect(error).toMatchObject({ kind: 'unsupported' });
    expect(connected.sent).toEqual(sent);
  });

  it('refuses when /running is missing', async () => {
    const { unload, host, sent } = await simulate({ release: 'old', loaded: 'small' });
    const error = await failureOf(unload('small'));
    expect(error).toMatchObject({ kind: 'unsupported' });
    expect(states(host)).toEqual([['small', 'ready']]);
    expect(sent).toEqual([`POST ${UNLOAD}/small`, 'GET /running']);
  });

  it('answers the error of /running', async () => {
    const { unload } = await serve({ '/running': json({ error: 'busy' }, 503) });
    const error = await failureOf(unload('a'));
    expect(error.cause.message).toBe('GET /running: HTTP 503: busy');
  });
});
