import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listDocSnippets, renderClients } from '../../scripts/client-docs.ts';
import { replacePart } from '../../scripts/settings-docs.ts';
import { startDemoFleet, type DemoFleet } from '../../demo/fleet.ts';
import { listen } from '../../demo/listen.ts';
import { CLIENTS } from '../../src/client-settings/clients.ts';
import { makeApp, makeFolder } from '../make-app.ts';
import { ROOT } from '../runtimes/runtimes.ts';
import { readPage, readSnippet } from './pages.ts';

const PAGE = 'docs/clients.md';
const DEFAULT_URL = 'http://127.0.0.1:8400';
const run = promisify(execFile);

/** Starts a Paddock in front of the demo's hosts, for one test. */
async function withDemo<Result>(fleet: DemoFleet, use: (url: string) => Promise<Result>) {
  const app = makeApp({ PROVIDERS: fleet.providers });
  const server = await listen(async (request) => app.fetch(request));
  try {
    return await use(server.url);
  } finally {
    await server.close();
  }
}

describe('docs/clients.md', () => {
  let fleet: DemoFleet;
  beforeAll(async () => {
    fleet = await startDemoFleet();
  });
  afterAll(() => fleet.close());

  /** Runs a snippet of the page, against the demo. */
  const runSnippet = (info: string, home = '') =>
    withDemo(fleet, async (url) => {
      const text = readSnippet(PAGE, info).replaceAll(DEFAULT_URL, url);
      const command = info.startsWith('ts')
        ? [process.execPath, '--input-type=module', '-e', text]
        : ['sh', '-c', text];
      const [program = '', ...args] = command;
      const env = { PATH: process.env['PATH'], ...(home !== '' && { HOME: home }) };
      return (await run(program, args, { cwd: ROOT, env })).stdout;
    });

  it('has the clients of `npm run docs:settings`', () => {
    const document = readPage(PAGE);
    const part = { name: 'clients', text: renderClients(CLIENTS) };
    expect(document).toBe(replacePart(document, part));
  });

  it('has each block of code once', () => {
    const infos = CLIENTS.flatMap(listDocSnippets).map(({ info }) => info);
    for (const info of infos) expect(readSnippet(PAGE, info)).not.toBe('');
    expect(infos.length).toBeGreaterThan(25);
  });

  it.each(['ts openai-sdk', 'ts anthropic-sdk', 'ts ai-sdk', 'sh curl'])(
    'shows a client that the demo answers: %s',
    async (info) => {
      expect(await runSnippet(info)).toContain('This is qwen3.6-27b, answering from sam-desktop.');
    },
  );

  it('saves an opencode configuration of the demo', async () => {
    const home = makeFolder();
    await runSnippet('sh opencode', home);
    const saved = JSON.parse(readFileSync(join(home, '.config/opencode/opencode.json'), 'utf8'));
    const shown = JSON.parse(readSnippet(PAGE, 'json opencode'));
    expect(saved.model).toBe(shown.model);
    const [id = ''] = Object.keys(shown.provider.paddock.models);
    expect(saved.provider.paddock.models[id]).toMatchObject(shown.provider.paddock.models[id]);
  });
});
