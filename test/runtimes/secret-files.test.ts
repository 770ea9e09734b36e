import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startLibsqlServer } from '../../demo/libsql-server.ts';
import { whileTesting } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';
import { startRecorder } from '../recorder.ts';
import { only, ROOT, SERVERS, startForTest, startServer } from './runtimes.ts';

const CHAT = '/v1/chat/completions';

/** Writes a file into a new folder. */
function writeSecret(content: string | Uint8Array): string {
  const path = join(makeFolder(), 'secret');
  writeFileSync(path, content);
  return path;
}

function makePipe(): string {
  const path = join(makeFolder(), 'pipe');
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
  return path;
}

describe.each(SERVERS)('secrets in files on %s', (_name, server) => {
  const start = (settings: Record<string, string>, args: string[] = []) =>
    startForTest(startServer(server, { cwd: makeFolder(), settings, args }));
  const ask = (url: string, key: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: { 'x-api-key': key } });

  it('are read at startup', async () => {
    const lab = await whileTesting(startRecorder());
    const cloud = await whileTesting(startRecorder());
    const libsql = await whileTesting(
      startLibsqlServer({ url: ':memory:', authToken: 'zqDatabase' }),
    );
    const linked = join(makeFolder(), 'linked');
    symlinkSync(writeSecret('alice:zqAlice, zqOther\r\n'), linked);
    const paddock = await start({
      PROVIDERS_FILE: writeSecret(`lab=openai://zqLab@127.0.0.1:${lab.port}\n`),
      API_KEYS_FILE: linked,
      ADMIN_KEYS_FILE: writeSecret('zqAdmin\n'),
      METRICS_KEYS_FILE: writeSecret('zqMetrics'),
      DEEPSEEK_API_KEY_FILE: writeSecret('zqCloud\n'),
      DEEPSEEK_BASE_URL: `http://127.0.0.1:${cloud.port}`,
      LIBSQL_URL: libsql.url,
      LIBSQL_AUTH_TOKEN_FILE: writeSecret('zqDatabase\n'),
    });
    const chat = (model: string, key: string) =>
      ask(paddock.url + CHAT, key, { method: 'POST', body: JSON.stringify({ model }) });
    for (const [key, status] of Object.entries({ zqAlice: 200, zqOther: 200, zqMallory: 401 })) {
      expect([key, (await chat('lab/m', key)).status]).toEqual([key, status]);
    }
    await chat('deepseek/m', 'zqAlice');
    expect(lab.received[0]?.headers.authorization).toBe('Bearer zqLab');
    expect(cloud.received.at(-1)?.headers.authorization).toBe('Bearer zqCloud');
    const favorite = await ask(`${paddock.url}/api/favorites/lab/m`, 'zqAlice', { method: 'PUT' });
    expect(favorite.status).toBe(201);
    expect(paddock.output()).not.toContain('zq');
  });

  it('are reported together with all other faults if unreadable, without their content', async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'folder'));
    const starting = start({
      PROVIDERS_FILE: makePipe(),
      API_KEYS_FILE: join(folder, 'zqMissing'),
      ADMIN_KEYS: 'zqBoth',
      ADMIN_KEYS_FILE: writeSecret('zqBoth'),
      METRICS_KEYS_FILE: join(folder, 'folder'),
      DEEPSEEK_API_KEY_FILE: writeSecret(`zqLarge${'a'.repeat(1 << 20)}`),
      LIBSQL_AUTH_TOKEN_FILE: writeSecret(Buffer.from('zqBinary\0\u0001')),
      PORT: 'x',
    });
    const fault: string = await starting.then(String, (error: Error) => error.message);
    expect(fault).toMatch(/^It ended \(2\)/u);
    for (const line of [
      'PROVIDERS_FILE: expected a file, and not a pipe, a socket or a device',
      'API_KEYS_FILE: there is no such file',
      'ADMIN_KEYS_FILE: ADMIN_KEYS is set too: unset one of them',
      'METRICS_KEYS_FILE: expected a file, and not a folder',
      'DEEPSEEK_API_KEY_FILE: the file is larger than 1048576 bytes',
      'LIBSQL_AUTH_TOKEN_FILE: expected a text file, without control characters',
      'PORT: expected a whole number from 0 to 65535 but received "x"',
    ]) {
      expect(fault).toContain(`  ${line}\n`);
    }
    expect(fault).not.toContain('zq');
  });

  it('are a fault if the user may not read them', async () => {
    const locked = writeSecret('zqLocked');
    chmodSync(locked, 0);
    // Root can read every file except some that Linux makes unreadable.
    const path = process.getuid?.() === 0 ? '/proc/sys/vm/drop_caches' : locked;
    const starting = start({ API_KEYS_FILE: path });
    await expect(starting).rejects.toThrow(/\(2\).*API_KEYS_FILE: this user has no permission/su);
  });

  it('are a fault if the file is empty', async () => {
    await expect(start({ API_KEYS_FILE: writeSecret('\n') })).rejects.toThrow(/\(2\).*is empty/su);
  });

  it('are validated like the setting', async () => {
    const starting = start({ API_KEYS_FILE: writeSecret('zqOne\nzqTwo') });
    const fault = await starting.then(String, (error: Error) => error.message);
    expect(fault).toMatch(/\(2\).*API_KEYS, entry 1: expected key or name:key/su);
    expect(fault).not.toContain('zq');
  });

  it('work with --demo', async () => {
    const paddock = await start({ API_KEYS_FILE: writeSecret('zqDemo') }, ['--demo']);
    expect((await fetch(`${paddock.url}/api/models`)).status).toBe(401);
    expect((await ask(`${paddock.url}/api/models`, 'zqDemo')).status).toBe(200);
  });

  it('work with commands', async () => {
    const program = join(ROOT, 'dist/cli/paddock.js');
    const run = (args: string[], env: Record<string, string>) =>
      promisify(execFile)(server.command, [program, ...args], { cwd: makeFolder(), env });
    const PROVIDERS_FILE = writeSecret('lab=openai://zqLab@127.0.0.1:9\n');
    const resolved = await run(['resolve', 'lab/m', '--json'], { PROVIDERS_FILE });
    expect(JSON.parse(resolved.stdout)).toMatchObject({ id: 'lab/m' });

    const libsql = await whileTesting(
      startLibsqlServer({ url: ':memory:', authToken: 'zqDatabase' }),
    );
    const LIBSQL_AUTH_TOKEN_FILE = writeSecret('zqDatabase\n');
    const database = { LIBSQL_URL: libsql.url, LIBSQL_AUTH_TOKEN_FILE };
    expect((await run(['migrate'], database)).stdout).toContain('Applied 0001');

    const faulty = { ...database, PROVIDERS_FILE: '/nowhere', LIBSQL_AUTH_TOKEN: 'zqToken' };
    for (const command of ['models', 'migrate']) {
      await expect(run([command], faulty)).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringMatching(
          /PROVIDERS_FILE: there is no such file\n.*LIBSQL_AUTH_TOKEN is set too/su,
        ),
      });
    }
  });
});

it.each(only('workerd'))('NAME_FILE settings are faults on %s', async (_name, make) => {
  const runtime = await make();
  const paddock = await startForTest(
    runtime.start({ PROVIDERS: 'a=openai://127.0.0.1:9', API_KEYS_FILE: '/run/secrets/keys' }),
  );
  const answer = await fetch(`${paddock.url}/api/models`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain('its settings have faults');
  await expect.poll(paddock.output).toContain('API_KEYS_FILE');
  await runtime.close();
});
