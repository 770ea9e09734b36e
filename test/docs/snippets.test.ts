import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startDemoFleet } from '../../demo/fleet.ts';
import { createPrettyLine } from '../../src/runtime/telemetry/pretty-line.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { hang, startHost } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';
import {
  NODE,
  ROOT,
  startForTest,
  startServer,
  type ServerInstance,
} from '../runtimes/runtimes.ts';
import { readSnippet } from './pages.ts';

const DEFAULT_URL = 'http://127.0.0.1:8400';
const run = promisify(execFile);

/** The demo of the file. Its first test reads the state in which it starts. */
let demo: ServerInstance;
const folder = mkdtempSync(join(tmpdir(), 'paddock-snippets-'));
beforeAll(async () => {
  demo = await startServer(NODE, { cwd: folder, args: ['--demo'] });
});
afterAll(async () => {
  await demo?.kill();
  rmSync(folder, { recursive: true });
});

/** An answer without times and latencies. */
function withoutTimes(answer: string): string {
  return answer
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/"latencyMs":\d+/g, '"latencyMs":MS');
}

it('the README shows what curl receives from the demo', async () => {
  const pattern = /\$ curl (?:-X (\w+) )?http:\/\/127\.0\.0\.1:8400(\S+)\n(.*)\n/g;
  const examples = [...readSnippet('README.md', 'console catalog').matchAll(pattern)];
  expect(examples.length).toBeGreaterThanOrEqual(3);
  for (const [, method = 'GET', path = '', answer = ''] of examples) {
    const text = await (await fetch(demo.url + path, { method })).text();
    expect(withoutTimes(text)).toBe(withoutTimes(answer));
    // The other tests begin without favorites.
    if (method === 'PUT') await fetch(demo.url + path, { method: 'DELETE' });
  }
});

it('the README’s first commands are scripts of the package', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const lines = readSnippet('README.md', 'sh start').trimEnd().split('\n');
  const names = lines.map((line) => /^npm ci && npm (\w+) /.exec(line)?.[1] ?? line);
  expect(names).toEqual(['start', 'test']);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(names));
});

it('the README shows a chat that the demo answers', async () => {
  const chat = readSnippet('README.md', 'sh chat').replaceAll(DEFAULT_URL, demo.url);
  const { stdout } = await run('sh', ['-c', chat]);
  expect(stdout).toMatch(/^data: .*"model":"gpt-oss-120b".*data: \[DONE\]/s);
});

it('the README shows valid settings', () => {
  const serve = readSnippet('README.md', 'sh serve');
  const [, providers = ''] = /^PROVIDERS="([^"]+)" npm run serve\n$/.exec(serve) ?? [];
  expect(parseSettings({ PROVIDERS: providers }).registry.providers.size).toBe(2);
});

it('the API page shows an error as Paddock sends it', async () => {
  const answer = await fetch(`${demo.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [] }),
  });
  expect(`${await answer.text()}\n`).toBe(readSnippet('docs/api.md', 'json error'));
});

it('the clients page shows a typed client that works with the demo', async () => {
  const text = readSnippet('docs/clients.md', 'ts client').replaceAll(DEFAULT_URL, demo.url);
  expect(text.trimEnd().split('\n')).toHaveLength(10);
  const args = ['--input-type=module', '-e', text];
  const { stdout } = await run(process.execPath, args, { cwd: ROOT });
  expect(stdout).toMatch(
    /This is qwen3\.6-27b, answering from sam-desktop\..* 65536 0 not_found\n$/s,
  );
});

it('the clients page shows what the doctor prints', async () => {
  const fleet = await startDemoFleet();
  const silent = await startHost({ '/v1/models': hang, '/running': hang });
  onTestFinished(async () => {
    await Promise.all([fleet.close(), silent.close()]);
  });
  const [desktop = ''] = fleet.providers.split(' ');
  const starting = startServer(NODE, {
    cwd: makeFolder(),
    settings: { PROVIDERS: `${desktop} lab-server=llama-swap://127.0.0.1:${silent.port}` },
  });
  const { url } = await startForTest(starting);
  await fetch(`${url}/api/favorites/lab-server/gpt-oss-120b`, { method: 'PUT' });
  const command = [join(ROOT, 'dist/cli/paddock.js'), 'doctor', '--url', url];
  // Not execFileSync: this process serves the providers.
  const failed = run(process.execPath, command).catch((error: unknown) => error);
  const { stdout, code } = (await failed) as { stdout: string; code: number };
  const [line = '', ...shown] = readSnippet('docs/clients.md', 'console doctor').split('\n');
  const withoutLatency = (text: string) => text.replaceAll(/\d+ ms {2,}/g, 'MS ');
  expect(line).toBe('$ npx llama-paddock doctor');
  expect([code, withoutLatency(stdout)]).toEqual([1, withoutLatency(shown.join('\n'))]);
});

it('the picker page embeds a module and a model of the demo', async () => {
  const html = readSnippet('docs/picker.md', 'html picker');
  const [, script = ''] = /<script type="module" src="([^"]+)">/.exec(html) ?? [];
  const [, value = ''] = /<model-picker id="model" name="model" value="([^"]+)">/.exec(html) ?? [];
  const module = await fetch(script.replace(DEFAULT_URL, demo.url));
  expect(module.headers.get('content-type')).toContain('text/javascript');
  expect((await fetch(`${demo.url}/v1/models/${value}`)).status).toBe(200);
});

it('the operations page shows the log line of a request', async () => {
  const example = readSnippet('docs/operations.md', 'json line').trimEnd();
  const { provider, model, path, requestId } = JSON.parse(example);
  const answer = await fetch(demo.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': requestId },
    body: JSON.stringify({
      model: `${provider}/${model}`,
      messages: [{ role: 'user', content: 'Hi' }],
    }),
  });
  await answer.text();
  const find = () =>
    demo
      .output()
      .split('\n')
      .find((line) => line.includes(requestId)) ?? '';
  await expect.poll(find).not.toBe('');
  const toShape = (line: string) =>
    line
      .replace(/"time":"[^"]*Z"/, '"time":"…"')
      .replaceAll(/"(\w+(?:Ms|In|Out))":[\d.]+/g, '"$1":0');
  expect(toShape(find())).toBe(toShape(example));
});

it('the operations page shows log lines as a terminal does', () => {
  const line = JSON.parse(readSnippet('docs/operations.md', 'json line'));
  const pretty = createPrettyLine({ NO_COLOR: '1' });
  const toShape = (text: string) => text.replace(/^\S+/, 'TIME').replace(/[\d.]+ m?s \w+/, 'S ID');
  const [complete = '', left = ''] = readSnippet('docs/operations.md', 'text pretty').split('\n');
  expect(toShape(complete)).toBe(toShape(pretty(line).trimEnd()));
  const msg = `${line.msg}: the client disconnected`;
  const gone = { ...line, provider: 'lab-server', model: 'gpt-oss-120b', durationMs: 400, msg };
  expect(toShape(left)).toBe(toShape(pretty(gone).trimEnd()));
});
