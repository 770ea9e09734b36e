import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { findDeadPort, startModels } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';
import { NODE, startForTest, startServer, type ServerInstance } from '../runtimes/runtimes.ts';
import { readSnippet } from './pages.ts';

const PAGE = 'docs/operations.md';
const IDS = ['a/one', 'a/two: large'];

/** A test that needs a program of the page. It is skipped without the program, except in CI. */
function itNeeds(program: string, ...args: string[]) {
  const isMissing = () => spawnSync(program, args).status !== 0;
  return it.skipIf(process.env['CI'] === undefined && isMissing());
}

async function start(cwd: string): Promise<ServerInstance> {
  const host = await startModels(['one', 'two: large']);
  onTestFinished(() => host.close());
  const settings = {
    PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}`,
    LIBSQL_URL: 'file:data/paddock.db',
  };
  return startForTest(startServer(NODE, { cwd, settings }));
}

async function list({ url }: { url: string }): Promise<string[]> {
  const answer = await fetch(`${url}/api/favorites`);
  const { favorites } = (await answer.json()) as { favorites: { id: string }[] };
  return favorites.map(({ id }) => id);
}

async function change({ url }: { url: string }, method: 'PUT' | 'DELETE'): Promise<void> {
  for (const id of IDS) await fetch(`${url}/api/favorites/${encodeURIComponent(id)}`, { method });
}

function shell(info: string, { cwd, url }: { cwd: string; url: string }): Promise<unknown> {
  const command = readSnippet(PAGE, info).replaceAll('http://127.0.0.1:8400', url);
  return promisify(execFile)('sh', ['-ec', command], { cwd });
}

itNeeds('sqlite3', '-version')(
  'backs up and restores the database of a running Paddock',
  async () => {
    const cwd = makeFolder();
    const paddock = await start(cwd);
    await change(paddock, 'PUT');
    await shell('sh backup', { cwd, url: paddock.url });
    await change(paddock, 'DELETE');
    expect(await list(paddock)).toEqual([]);
    await shell('sh restore', { cwd, url: paddock.url });
    await expect.poll(() => list(paddock), { timeout: 5000 }).toEqual(IDS);
  },
);

itNeeds('jq', '--version')('exports and imports favorites as text', async () => {
  const cwd = makeFolder();
  const paddock = await start(cwd);
  await change(paddock, 'PUT');
  await shell('sh export', { cwd, url: paddock.url });
  await change(paddock, 'DELETE');
  await shell('sh import', { cwd, url: paddock.url });
  expect(await list(paddock)).toEqual(IDS);
});

const nginx = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((path) => existsSync(path)) ?? 'nginx';
itNeeds(nginx, '-v')('balances several Paddocks with nginx', async () => {
  const folder = makeFolder();
  const [first, second] = [await start(makeFolder()), await start(makeFolder())];
  const port = await findDeadPort();
  const hostOf = ({ url }: ServerInstance) => new URL(url).host;
  const servers = readSnippet(PAGE, 'nginx balancer')
    .replace('10.0.0.1:8400', hostOf(first))
    .replace('10.0.0.2:8400', hostOf(second))
    .replace('listen 80;', `listen 127.0.0.1:${port};`);
  expect(servers).toContain(`listen 127.0.0.1:${port};`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  const config = `daemon off; pid ${folder}/nginx.pid; error_log stderr;
events {} http { access_log off; ${temporary} ${servers} }`;
  writeFileSync(join(folder, 'nginx.conf'), config);
  const balancer = spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: 'ignore',
  });
  onTestFinished(async () => {
    const ended = new Promise((settle) => balancer.once('close', settle));
    balancer.kill('SIGTERM');
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  const getStatus = async () => (await fetch(`${url}/v1/models`).catch(() => null))?.status;
  await expect.poll(getStatus, { timeout: 5000 }).toBe(200);
  for (let turn = 0; turn < 4; turn += 1) expect(await getStatus()).toBe(200);
  const lines = () =>
    [first, second].map((paddock) => paddock.output().includes('"path":"/v1/models"'));
  await expect.poll(lines).toEqual([true, true]);
});
