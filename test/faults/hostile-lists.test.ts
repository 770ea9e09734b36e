import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { open } from '../call.ts';
import { json, modelList, startHost, whileTesting, type Host } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';
import { SERVERS, startForTest, startServer, type Server } from '../runtimes/runtimes.ts';

interface Providers {
  readonly providers: readonly { readonly status: string; readonly modelCount: number }[];
}

const MIB = 1 << 20;
/** The number of rounds of probes that a measurement covers. */
const ROUNDS = 3;

/** Fills the largest list that Paddock reads. */
function fill(toRecord: (index: number) => string): Buffer {
  const records: string[] = [];
  for (let bytes = 40, index = 0; ; index += 1) {
    const record = toRecord(index);
    bytes += record.length + 1;
    if (bytes > 8 * MIB) break;
    records.push(record);
  }
  return Buffer.from(`{"object":"list","data":[${records.join(',')}]}`);
}

const toName = (index: number) => index.toString(36).padStart(4, '0');
const tiny = (mark: string) => fill((index) => `{"id":"${mark}${toName(index)}"}`);
const fat = (mark: string) =>
  fill((index) =>
    JSON.stringify({
      id: `${mark}${toName(index)}`,
      name: `Model ${index}`,
      description: 'd'.repeat(400),
      capabilities: { vision: true, function_calling: true },
      meta: { llamaswap: { type: 'model', aliases: [`a${index}`, `${mark}b${index}`] } },
      status: { value: 'unloaded' },
    }),
  );
const long = (mark: string) =>
  fill((index) => JSON.stringify({ id: mark + toName(index), description: 'd'.repeat(MIB) }));
const deep = (mark: string) => {
  const nested = '['.repeat(500_000) + ']'.repeat(500_000);
  const list = `[${'[],'.repeat(1_500_000)}[]]`;
  return Buffer.from(
    `{"object":"list","data":[{"id":"${mark}","meta":${list},"capabilities":${nested}},{"id":"sound"}]}`,
  );
};

/** A provider that sends a different list each time. */
async function startHostile(make: (mark: string) => Buffer): Promise<Host> {
  const lists = ['x', 'y', 'z'].map(make);
  let asked = 0;
  return whileTesting(
    startHost({
      '/v1/models': (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(lists[(asked += 1) % lists.length]);
      },
      '/running': json({ running: [] }),
    }),
  );
}

async function startPaddock(server: Server, hostile: readonly Host[]) {
  const chat = { id: 'c', object: 'chat.completion', choices: [] };
  const healthy = await whileTesting(
    startHost({
      '/v1/models': json(modelList('m')),
      '/running': json({ running: [] }),
      '/v1/chat/completions': json(chat),
    }),
  );
  const entries = hostile.map(({ port }, index) => `h${index}=llama-swap://127.0.0.1:${port}`);
  const paddock = await startForTest(
    startServer(server, {
      cwd: makeFolder(),
      settings: {
        PROVIDERS: `healthy=llama-swap://127.0.0.1:${healthy.port} ${entries.join(' ')}`,
        CATALOG_TTL_MS: '1000',
        PROBE_TIMEOUT_MS: '5000',
      },
    }),
  );
  return paddock;
}

/** Opens an event stream, which starts probes regularly. */
async function listen(url: string, topics: string): Promise<void> {
  const path = `${url}/api/events?topics=${topics}`;
  const { answer, leave } = await open(path, { method: 'GET' }).opened;
  onTestFinished(leave);
  answer.on('error', () => {});
  answer.resume();
}

const countLists = ({ requests }: Host): number =>
  requests.filter((path) => path === '/v1/models').length;

/** The 99th percentile of the duration of chats with another provider until something happens, in milliseconds. */
async function measureChats(url: string, isOver: () => boolean): Promise<number> {
  const times: number[] = [];
  while (!isOver()) {
    const startedAt = performance.now();
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"model":"healthy/m","messages":[]}',
    });
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
    times.push(performance.now() - startedAt);
    await sleep(2);
  }
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)] ?? Infinity;
}

function readMegabytes(pid: number | null): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmHWM:\s+(\d+)/mu.exec(status)?.[1]) / 1024);
}

describe.each(SERVERS)('on %s, chats with another provider stay fast', (name, server) => {
  // The memory includes garbage of several rounds, which Bun returns late.
  it.each([
    ['as many tiny records as fit', [tiny], { listed: 10_000, most: 500 }],
    ['as many large records as fit', [fat], { listed: 10_000, most: 500 }],
    // The message of each round names every model with its description.
    ['large records, sent to a client of llama-swap', [fat], { listed: 10_000, most: 700 }],
    ['texts of a megabyte', [long], { listed: 7, most: 500 }],
    ['a record of megabytes of brackets', [deep], { listed: 2, most: 500 }],
    ['four such lists at once', [tiny, tiny, fat, fat], { listed: 10_000, most: 950 }],
  ])('during probes of %s', { retry: 2 }, async (what, makers, { listed, most }) => {
    const hostile = await Promise.all(makers.map(startHostile));
    const paddock = await startPaddock(server, hostile);
    // Shows how busy the machine is.
    const end = performance.now() + 500;
    const before = await measureChats(paddock.url, () => performance.now() > end);
    await listen(paddock.url, what.includes('llama-swap') ? 'llama-swap' : 'catalog,favorites');
    // When the next list is asked for, the one before it has been read.
    const isOver = () => hostile.every((host) => countLists(host) > ROUNDS);
    const p99 = await measureChats(paddock.url, isOver);
    const megabytes = readMegabytes(paddock.pid);
    const figures = `p99 ${p99.toFixed(1)} ms, before ${before.toFixed(1)} ms, at most ${megabytes} MiB`;
    console.log(`${name}, beside ${what}: ${figures}`);
    expect(p99, figures).toBeLessThan(makers.length === 1 ? 100 : 250);
    expect(megabytes, figures).toBeLessThan(most);
    const answer = await fetch(`${paddock.url}/api/providers`);
    const { providers } = (await answer.json()) as Providers;
    const counts = providers.slice(1).map(({ status, modelCount }) => [status, modelCount]);
    expect(counts).toEqual(makers.map(() => ['online', listed]));
  });
});
