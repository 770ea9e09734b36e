import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { startDemoHerd } from '../demo/herd.ts';
import { parseSettings } from '../src/settings/settings.ts';
import { hang, startHost } from './hosts.ts';
import { makeFolder } from './make-app.ts';
import { NODE, ROOT, startForTest, startServer } from './runtimes/runtimes.ts';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The commands of the README's console example, each with the answer below it. */
function readExamples(): { method: string; path: string; answer: string }[] {
  const [, example = ''] = /```console\n([^]*?)```/.exec(README) ?? [];
  const pattern = /\$ curl (?:-X (\w+) )?http:\/\/127\.0\.0\.1:8400(\S+)\n(.*)\n/g;
  return [...example.matchAll(pattern)].map(([, method = 'GET', path = '', answer = '']) => ({
    method,
    path,
    answer,
  }));
}

/** What differs from run to run. */
function withoutTimes(answer: string): string {
  return answer
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/"latencyMs":\d+/g, '"latencyMs":MS');
}

it('shows what curl really answers in the demo', async () => {
  const starting = startServer(NODE, { cwd: makeFolder(), args: ['--demo'] });
  const paddock = await startForTest(starting);
  const examples = readExamples();
  expect(examples.length).toBeGreaterThanOrEqual(3);
  for (const { method, path, answer } of examples) {
    const text = await (await fetch(paddock.url + path, { method })).text();
    expect(withoutTimes(text)).toBe(withoutTimes(answer));
  }
});

it('shows clients that work with the demo', async () => {
  const starting = startServer(NODE, { cwd: makeFolder(), args: ['--demo'] });
  const paddock = await startForTest(starting);
  const here = (text: string) => text.replaceAll('http://127.0.0.1:8400', paddock.url);

  const [, curl = ''] = /```sh\n(curl [^]*?)```/.exec(README) ?? [];
  const asked = promisify(execFile)('sh', ['-c', here(curl)]);
  expect((await asked).stdout).toMatch(/^data: .*"model":"gpt-oss-120b".*data: \[DONE\]/s);

  const [, program = ''] = /```ts\n([^]*?)```/.exec(README) ?? [];
  const running = promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', here(program)],
    {
      cwd: ROOT,
    },
  );
  expect((await running).stdout).toContain('This is qwen3.6-27b, answering from sam-desktop.');
});

it('shows a client that works with the demo', async () => {
  const starting = startServer(NODE, { cwd: makeFolder(), args: ['--demo'] });
  const paddock = await startForTest(starting);
  const [, program = ''] = /```ts client\n([^]*?)```/.exec(README) ?? [];
  const text = program.replaceAll('http://127.0.0.1:8400', paddock.url);
  expect(text.trimEnd().split('\n')).toHaveLength(10);
  const args = ['--input-type=module', '-e', text];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  expect(stdout).toMatch(
    /This is qwen3\.6-27b, answering from sam-desktop\..* 65536 0 not_found\n$/s,
  );
});

it('shows the line of a request as it really is', async () => {
  const starting = startServer(NODE, { cwd: makeFolder(), args: ['--demo'] });
  const paddock = await startForTest(starting);
  const [, example = ''] = /```json line\n(.*)\n```/.exec(README) ?? [];
  const { provider, model, path, requestId } = JSON.parse(example);
  const answer = await fetch(paddock.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': requestId },
    body: JSON.stringify({
      model: `${provider}/${model}`,
      messages: [{ role: 'user', content: 'Hi' }],
    }),
  });
  await answer.text();
  const find = () => paddock.output().match(/^\{.*"requestId".*$/m)?.[0] ?? '';
  await expect.poll(find).not.toBe('');
  const toShape = (line: string) =>
    line
      .replace(/"time":"[^"]*Z"/, '"time":"…"')
      .replaceAll(/"(\w+(?:Ms|In|Out))":[\d.]+/g, '"$1":0');
  expect(toShape(find())).toBe(toShape(example));
});

it('shows what the doctor really says', async () => {
  const herd = await startDemoHerd();
  const silent = await startHost({ '/v1/models': hang, '/running': hang });
  onTestFinished(async () => {
    await Promise.all([herd.close(), silent.close()]);
  });
  const [desktop = ''] = herd.providers.split(' ');
  const starting = startServer(NODE, {
    cwd: makeFolder(),
    settings: { PROVIDERS: `${desktop} lab-server=llama-swap://127.0.0.1:${silent.port}` },
  });
  const { url } = await startForTest(starting);
  await fetch(`${url}/api/favorites/lab-server/gpt-oss-120b`, { method: 'PUT' });
  const command = [join(ROOT, 'dist/cli/paddock.js'), 'doctor', '--url', url];
  // The hosts are in this process, which must not stand still meanwhile.
  const failed = promisify(execFile)(process.execPath, command).catch((error: unknown) => error);
  const { stdout, code } = (await failed) as { stdout: string; code: number };
  const [, shown = ''] = /```console doctor\n.*\n([^]*?)```/.exec(README) ?? [];
  const withoutLatency = (text: string) => text.replaceAll(/\d+ ms {2,}/g, 'MS ');
  expect([code, withoutLatency(stdout)]).toEqual([1, withoutLatency(shown)]);
});

it('shows an opencode configuration with models of the demo', async () => {
  const [, text = ''] = /```json\n([^]*?)```/.exec(README) ?? [];
  const { provider, model } = JSON.parse(text);
  expect(provider.paddock.options.baseURL).toBe('http://127.0.0.1:8400/v1');
  expect(Object.keys(provider.paddock.models)).toContain(model.replace('paddock/', ''));
});

it('shows settings that are sound, here and in .env.example', () => {
  const [, providers = ''] = /PROVIDERS="([^"]+)" npm run serve/.exec(README) ?? [];
  expect(parseSettings({ PROVIDERS: providers }).registry.providers.size).toBe(2);
  const example = readFileSync(join(ROOT, '.env.example'), 'utf8');
  const pairs = [...example.matchAll(/^(?:# )?([A-Z_]+)="?(.*?)"?$/gm)].map(([, name, value]) => [
    name,
    value,
  ]);
  expect(pairs.length).toBeGreaterThan(10);
  const settings = parseSettings(Object.fromEntries(pairs));
  expect(settings.registry.aliases.size).toBe(2);
});
