import { json as readJson } from 'node:stream/consumers';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startDemoFleet } from '../../demo/fleet.ts';
import { runPaddock, startOnTerminal, startPaddock } from './paddock-process.ts';
import { closeAtEnd } from './ways.ts';
import { findDeadPort, hang, json, modelList, startHost, startModels } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';
import { BUN, NODE, SERVERS } from '../runtimes/runtimes.ts';

const ESCAPE = '\u{1b}';

describe('on a terminal', () => {
  const slow: Parameters<typeof startHost>[0] = {
    '/v1/models': (request, response) => {
      setTimeout(() => json(modelList('m'))(request, response), 500);
    },
    '/running': json({ running: [] }),
  };
  const SPINNER = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]\S* Asking a/u;
  const COLOUR = new RegExp(`${ESCAPE}\\[\\d+m`, 'u');
  const open = async () => ({
    PROVIDERS: `a=llama-swap://127.0.0.1:${(await closeAtEnd(startHost(slow))).port}`,
  });

  it('prints colors and a spinner', async () => {
    const { code, stdout } = await startOnTerminal(['models'], { env: await open() }).ended;
    expect([code, stdout]).toEqual([0, expect.stringMatching(SPINNER)]);
    expect(stdout).toContain(`${ESCAPE}[1ma${ESCAPE}[22m  ${ESCAPE}[32monline${ESCAPE}[39m`);
  });

  it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('prints no colors with %j', async (wish) => {
    const env = { ...(await open()), ...wish };
    const { code, stdout } = await startOnTerminal(['models'], { env }).ended;
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^a {2}online\r$/m)]);
    expect(stdout).not.toMatch(COLOUR);
  });

  it.each([{}, { CI: 'true' }, { TERM: 'xterm-256color' }])(
    'prints neither into a pipe, with %j',
    async (wish) => {
      const env = { ...(await open()), ...wish };
      const { stdout, stderr } = await runPaddock(['models'], { env });
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^a {2}online$/m);
      expect(stdout).not.toContain(ESCAPE);
    },
  );

  it('ends at once on Ctrl-C and shows the cursor again', async () => {
    const { port } = await closeAtEnd(startHost({ '/v1/models': hang, '/running': hang }));
    const env = { PROVIDERS: `a=llama-swap://127.0.0.1:${port}?timeout=15000` };
    const running = startOnTerminal(['models'], { env });
    await expect.poll(running.output, { timeout: 10_000 }).toMatch(SPINNER);
    const pressedAt = performance.now();
    running.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(performance.now() - pressedAt).toBeLessThan(5000);
    expect([code, stdout]).toEqual([130, expect.stringContaining(`${ESCAPE}[?25h`)]);
  });

  it('ends at once on SIGINT without a terminal', async () => {
    const host = await closeAtEnd(startHost({ '/v1/models': hang, '/running': hang }));
    const env = { PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}?timeout=15000` };
    const running = startPaddock(['doctor'], { env });
    await expect.poll(() => host.requests.length, { timeout: 10_000 }).toBeGreaterThan(0);
    const pressedAt = performance.now();
    running.kill('SIGINT');
    expect(await running.ended).toMatchObject({ signal: 'SIGINT', stdout: '', stderr: '' });
    expect(performance.now() - pressedAt).toBeLessThan(5000);
  });
});

describe.each(SERVERS)('on %s', (_name, { command: runtime }) => {
  it('commands that only read create no files', async () => {
    const { providers: PROVIDERS } = await closeAtEnd(startDemoFleet());
    const lines = ['models', 'doctor', 'resolve m', 'favorites', 'favorites remove m', 'opencode'];
    const cwd = makeFolder();
    const look = async (line: string, env: Record<string, string>) => {
      const { code, stderr } = await runPaddock(line.split(' '), { cwd, env, runtime });
      expect([line, code, stderr, readdirSync(cwd)]).toEqual([line, 0, '', []]);
    };
    for (const line of lines) await look(line, { PROVIDERS });
    await look('favorites', { PROVIDERS, LIBSQL_URL: 'file:other/x.db' });
  });

  it('chat reads a pipe, writes the answer alone, and ends its request on SIGINT', async () => {
    const bodies: any[] = [];
    let isGone = false;
    const host = await closeAtEnd(
      startHost({
        '/v1/models': json(modelList('m')),
        '/running': json({ running: [] }),
        '/v1/chat/completions': async (request, response) => {
          bodies.push(await readJson(request));
          response.on('close', () => (isGone = true));
          const delta = { reasoning_content: 'Hm.', content: 'Yes' };
          const content = { id: 'x', choices: [{ delta }] };
          response.write(`data: ${JSON.stringify(content)}\n\n`);
        },
      }),
    );
    const env = { PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` };
    const running = startPaddock(['chat', 'm', 'Is', 'it?'], { env, runtime, input: 'Text\n' });
    await expect.poll(running.output).toBe('Yes');
    expect(bodies[0].messages).toEqual([{ role: 'user', content: 'Is it?\n\nText' }]);
    running.kill('SIGINT');
    expect(await running.ended).toMatchObject({ signal: 'SIGINT', stdout: 'Yes', stderr: '' });
    await expect.poll(() => isGone).toBe(true);
  });

  it('favorites are kept for the next process', async () => {
    const env = { PROVIDERS: `a=llama-swap://127.0.0.1:${await findDeadPort()}` };
    const cwd = makeFolder();
    for (const id of ['m', 'a/x/y']) {
      expect((await runPaddock(['favorites', 'add', id], { cwd, env, runtime })).code).toBe(0);
    }
    for (const command of [NODE.command, BUN.command]) {
      const { stdout } = await runPaddock(['favorites'], { cwd, env, runtime: command });
      expect(stdout).toMatch(/^★ {2}1 {2}a\/m +hidden\n★ {2}2 {2}a\/x\/y +hidden\n$/);
    }
  });

  it('long output arrives complete, and a closed pipe is not an error', async () => {
    const names = Array.from({ length: 3000 }, (_, index) => `${index}-${'x'.repeat(200)}`);
    const { port } = await closeAtEnd(startModels(names));
    const env = { PROVIDERS: `a=llama-swap://127.0.0.1:${port}` };
    const running = startPaddock(['models', '--json'], { env, runtime });
    running.stdout.pause();
    setTimeout(() => running.stdout.resume(), 1000);
    const { code, stdout } = await running.ended;
    expect(stdout.length).toBeGreaterThan(1_000_000);
    expect([code, JSON.parse(stdout).providers[0].models.length]).toEqual([0, 3000]);

    const cut = startPaddock(['models'], { env, runtime });
    cut.stdout.once('data', () => cut.stdout.destroy());
    expect(await cut.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('serve and demo run until %s', async (signal) => {
    const { port } = await closeAtEnd(startModels(['m']));
    const env = { PROVIDERS: `mine=llama-swap://127.0.0.1:${port}` };
    for (const [command, name] of [
      ['serve', 'mine'],
      ['demo', 'sam-desktop'],
    ] as const) {
      const cwd = makeFolder();
      const running = startPaddock([command, '--port', '0', '--host', '127.0.0.1'], {
        cwd,
        env,
        runtime,
      });
      const find = () => /Paddock listens on (\S+)/u.exec(running.output())?.[1];
      await expect.poll(find, { timeout: 15_000 }).toBeDefined();
      const { stdout } = await runPaddock(['models', '--json', '--url', find() ?? '']);
      expect(JSON.parse(stdout)).toMatchObject({
        providers: expect.arrayContaining([expect.objectContaining({ name, status: 'online' })]),
      });
      running.kill(signal);
      const { code, signal: by, stderr } = await running.ended;
      expect([code, by]).toEqual([0, null]);
      const said = stderr.trim().split('\n');
      expect(said.map((line) => JSON.parse(line).msg)).toEqual([
        'GET /api/models 200',
        expect.stringMatching(/^Shutting down/),
      ]);
    }
  });
});
