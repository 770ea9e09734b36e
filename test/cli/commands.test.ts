import { describe, expect, it } from 'vitest';
import {
  findDeadPort,
  json,
  modelList,
  startHost as startOddHost,
  whileTesting,
} from '../hosts.ts';
import { startFleet, startPaddock } from './command-fixture.ts';

describe('paddock models', () => {
  it.each([
    ['models SMALL', ['a/small', 'b/small']],
    ['models tiny', ['a/small']],
    ['models a/*big', ['a/vendor/big:q4']],
    ['models --ready', ['a/vendor/big:q4']],
    ['models --provider b', ['b/only-b', 'b/small']],
    ['models small --provider b', ['b/small']],
  ])('%s lists what matches', async (line, ids) => {
    const { run } = await startFleet();
    const { code, stdout, stderr } = await run(`${line} --json`);
    expect([code, stderr]).toEqual([0, '']);
    const { providers } = JSON.parse(stdout);
    const found = providers.flatMap((group: any) => group.models).map(({ id }: any) => id);
    expect(found.toSorted()).toEqual(ids);
    const shown = await run(line);
    expect(shown.code).toBe(0);
    for (const id of ids) expect(shown.stdout).toContain(`${id} `);
    expect(shown.stdout).not.toMatch(/^c/m);
  });

  it('names the providers whose models are not known', async () => {
    const { run } = await startFleet();
    expect(await run('models small')).toMatchObject({
      code: 0,
      stderr: 'The models of c (offline) are missing: paddock doctor shows why.\n',
    });
  });

  it.each([
    ['models nothing-like-it', 1, /^No model matches "nothing-like-it"\.\nThe models of c \(off/],
    ['models smal1', 1, /^No model matches "smal1"\. Did you mean a\/small or b\/small\?\n/],
    ['models only-b --ready', 1, /^No ready model matches "only-b"\.\n/],
    ['models --ready --provider b', 1, /^No ready model of b is listed\.\n$/],
    ['models --provider c', 3, /^No model of c is listed\.\nThe models of c \(offline\) are miss/],
    ['models --provider x', 2, /^No provider is called "x"\. The providers are a, b, c\.\n$/],
  ])('%s exits with %d and says why', async (line, code, message) => {
    const { run } = await startFleet();
    const ended = await run(line);
    expect([ended.code, ended.stdout]).toEqual([code, '']);
    expect(ended.stderr).toMatch(message);
    const asJson = await run(`${line} --json`);
    expect([asJson.code, asJson.stderr]).toEqual([code, ended.stderr]);
    if (code !== 2) expect(JSON.parse(asJson.stdout).favorites).toEqual([]);
  });

  it('answers from the snapshot, and asks the hosts with --refresh', async () => {
    const host = await whileTesting(
      startOddHost({ '/v1/models': json(modelList('m')), '/running': json({ running: [] }) }),
    );
    const { run } = await startPaddock({
      PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}`,
      CATALOG_TTL_MS: '60000',
    });
    await run('models');
    const asked = host.requests.length;
    await run('models');
    expect(host.requests).toHaveLength(asked);
    await run('models --refresh');
    expect(host.requests.length).toBeGreaterThan(asked);
  });
});

describe('paddock ps', () => {
  it('shows what is loaded where, and which providers do not tell', async () => {
    const { run } = await startFleet({ a: { loaded: 'small' } });
    const { code, stdout, stderr } = await run('ps');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^MODEL +STATE +CONTEXT\na\/small +ready +4,096\n\nc does not/);
    expect(JSON.parse((await run('ps --json')).stdout)).toEqual({
      running: [
        {
          id: 'a/small',
          provider: 'a',
          model: 'small',
          state: 'ready',
          contextWindow: 4096,
        },
      ],
      unknown: [],
      unreported: ['c'],
    });
  });

  it('says so when nothing is loaded, and why a provider is missing', async () => {
    const dead = await findDeadPort();
    let asked = 0;
    const hanging = await whileTesting(
      startOddHost({
        '/v1/models': json(modelList('m')),
        // Only the first answer arrives: the provider is online in the snapshot.
        '/running': (request, response) => {
          if ((asked += 1) === 1) json({ running: [] })(request, response);
        },
      }),
    );
    const { run } = await startPaddock({
      PROVIDERS: `a=llama-swap://127.0.0.1:${dead} b=llama-swap://127.0.0.1:${hanging.port}?timeout=400`,
    });
    const { code, stdout } = await run('ps');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^No model is loaded\.\n\n✗ a could not be reached: .*\n✗ b did not answer within 400 ms.*paddock doctor\.\n$/,
      ),
    ]);
  });
});

describe('paddock favorites', () => {
  it('numbers them as move counts', async () => {
    const { run } = await startFleet();
    for (const id of ['a/small', 'b/only-b']) await run(`favorites add ${id}`);
    await run('models');
    expect((await run('favorites')).stdout).toBe('★  1  a/small\n★  2  b/only-b\n');
  });

  it('explains a wrong prefix, and says whether it removed anything', async () => {
    const { run } = await startFleet();
    await run('models');
    expect(await run('favorites add x/only-b')).toEqual({
      code: 0,
      stdout: 'a/x/only-b is favorite 1. It is hidden until its provider lists it.\n',
      stderr: expect.stringMatching(/^"x\/only-b" does not begin.*Did you mean b\/only-b\?\n$/),
    });
    const words = async (id: string) => (await run(`favorites remove ${id}`)).stdout;
    expect(await words('x/only-b')).toBe('x/only-b is no longer a favorite.\n');
    expect(await words('x/only-b')).toBe('x/only-b was not a favorite.\n');
  });
});

describe('paddock favorites move', () => {
  const order = async (run: (line: string) => Promise<{ stdout: string }>) =>
    JSON.parse((await run('favorites --json')).stdout).map(({ id }: any) => id);

  it.each([
    ['a/vendor first', ['a/vendor', 'a/small', 'b/only-b']],
    ['small last', ['b/only-b', 'a/vendor', 'a/small']],
    ['b/only-b 3', ['a/small', 'a/vendor', 'b/only-b']],
    ['b/only-b 2', ['a/small', 'b/only-b', 'a/vendor']],
  ])('%s', async (words, ids) => {
    const { run } = await startFleet();
    for (const id of ['a/small', 'b/only-b', 'a/vendor']) await run(`favorites add ${id}`);
    const { code, stdout } = await run(`favorites move ${words}`);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^\S+ is favorite \d of 3\.\n$/)]);
    expect(await order(run)).toEqual(ids);
  });

  it.each([
    ['a/small 0', 2, 'Expected a position (1 to 2, first or last) but received "0".\n'],
    ['a/small 3', 2, 'Expected a position (1 to 2, first or last) but received "3".\n'],
    ['a/small up', 2, 'Expected a position (1 to 2, first or last) but received "up".\n'],
    ['eye 1', 1, 'a/eye is not a favorite. To add it: paddock favorites add a/eye\n'],
  ])('%s is refused', async (words, code, stderr) => {
    const { run } = await startFleet();
    for (const id of ['a/small', 'b/only-b']) await run(`favorites add ${id}`);
    expect(await run(`favorites move ${words}`)).toEqual({ code, stdout: '', stderr });
    expect(await order(run)).toEqual(['a/small', 'b/only-b']);
  });
});

describe('paddock unload', () => {
  it.each([
    ['unload a/vendor/big:q4', 'Unloaded: a/vendor/big:q4.', true],
    ['unload a/small', 'a/small was not loaded.', false],
    ['unload tiny', 'a/tiny was not loaded.', false],
    ['unload hidden', 'Unloaded: a/hidden.', null],
    ['unload --all a', 'Unloaded: all models of a.', true],
    ['unload --all b', 'No model of b was loaded.', false],
  ])('%s says whether it was loaded', async (line, sentence, wasLoaded) => {
    expect(await (await startFleet()).run(line)).toEqual({
      code: 0,
      stdout: `${sentence}\n`,
      stderr: '',
    });
    const { stdout } = await (await startFleet()).run(`${line} --json`);
    expect(JSON.parse(stdout)).toMatchObject({ wasLoaded });
  });

  it('knows a loaded model by its alias', async () => {
    const { run } = await startFleet({ a: { loaded: 'small' } });
    expect((await run('unload tiny')).stdout).toBe('Unloaded: a/tiny.\n');
  });

  it('names commands and not routes for an unknown model', async () => {
    const { run } = await startFleet();
    expect(await run('unload a/nothing')).toMatchObject({
      code: 1,
      stderr: 'a has no model "nothing" of its own: paddock models lists its models.\n',
    });
  });
});
