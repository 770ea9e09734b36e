import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareLoads, type Exchange, type Load } from '../load/measure-load.ts';
import { PACE } from '../load/pace.ts';
import { toRequest } from '../load/wire.ts';
import { startChild } from '../shared/child.ts';
import type { Goal } from '../shared/goal.ts';
import { makeTemporaryFolder, TOOLS } from '../shared/paths.ts';
import type { StageResult } from '../shared/run-benchmark.ts';
import { startPaddock } from '../shared/start-paddock.ts';
import { toFixed, toTable } from '../shared/table.ts';
import { toProviders } from './create-registry.ts';

const PROVIDERS = 20;
const MODELS_EACH = 100;
const FAVORITES = 5;
const CONNECTIONS = 32;
const MIN_RATIO = 0.8;

/** The requests that are measured. A body with latencies and times differs from probe to probe. */
const CASES = [
  { path: '/api/models', status: 200, isSteady: false },
  { path: '/v1/models', status: 200, isSteady: true },
  { path: '/api/models', status: 304, isSteady: true },
] as const;

interface Document {
  readonly etag: string;
  readonly body: Buffer;
}

interface Row {
  readonly title: string;
  readonly bare: Load | undefined;
  readonly paddock: Load | undefined;
}

/** Compares Paddock's lists with a bare Hono handler that holds the same bytes. */
export async function runServeStage(): Promise<StageResult> {
  const folder = makeTemporaryFolder();
  const paddock = await startPaddockBeforeProviders(folder);
  const documents = new Map<string, Document>();
  for (const { path } of CASES) documents.set(path, await getDocument(paddock.url + path));
  const bare = await startBareHandler(folder, documents);
  const servers = [
    { name: 'bare Hono handler', port: Number(bare.firstLine), pids: [bare.pid] },
    { name: 'Paddock', port: paddock.port, pids: [paddock.pid] },
  ];
  const rows: Row[] = [];
  for (const { path, status, isSteady } of CASES) {
    const document = documents.get(path) ?? { etag: '', body: Buffer.alloc(0) };
    const size = `${Math.round(document.body.length / 1024)} KiB`;
    const title = `GET ${path}, ${status === 200 ? size : status}`;
    const targets = servers.map((server) => ({
      ...server,
      exchange: toExchange(path, { status, document, isSteady }),
    }));
    const loads = await compareLoads(targets, { ...PACE, connections: CONNECTIONS });
    rows.push({ title, bare: loads[0]?.load, paddock: loads[1]?.load });
  }
  await Promise.all([paddock.end(), bare.end()]);
  return { table: describe(rows), goals: rows.map(toGoal) };
}

/** Starts Paddock before all providers, with a few favorites among their models. */
async function startPaddockBeforeProviders(folder: string) {
  const args = [join(TOOLS, 'providers.js'), String(PROVIDERS), String(MODELS_EACH)];
  const providers = await startChild({ args });
  const ports = JSON.parse(providers.firstLine) as number[];
  const own = mkdtempSync(join(folder, 'paddock-'));
  const settings = { PROVIDERS: toProviders(ports) };
  const paddock = await startPaddock({ folder: own, settings });
  const { body } = await getDocument(`${paddock.url}/v1/models`);
  const { data } = JSON.parse(body.toString()) as { data: { id: string }[] };
  if (data.length < PROVIDERS * MODELS_EACH) throw new Error(`${data.length} models are listed`);
  for (let index = 0; index < FAVORITES; index += 1) {
    const { id = '' } = data[Math.floor((index * data.length) / FAVORITES)] ?? {};
    const url = `${paddock.url}/api/favorites/${encodeURIComponent(id)}`;
    const { ok, status } = await fetch(url, { method: 'PUT' });
    if (!ok) throw new Error(`PUT ${url}: HTTP ${status}`);
  }
  return paddock;
}

function startBareHandler(folder: string, documents: ReadonlyMap<string, Document>) {
  // One validator for all: only its comparison is measured.
  const etag = documents.get('/api/models')?.etag ?? '';
  const files = [...documents].map(([path, { body }], index) => {
    const file = join(folder, String(index));
    writeFileSync(file, body);
    return `${path}=${file}`;
  });
  return startChild({ args: [join(TOOLS, 'bare-handler.js'), etag, ...files] });
}

async function getDocument(url: string): Promise<Document> {
  const response = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  if (response.status !== 200) throw new Error(`GET ${url}: HTTP ${response.status}`);
  const body = Buffer.from(await response.arrayBuffer());
  return { body, etag: response.headers.get('etag') ?? '' };
}

function toExchange(
  path: string,
  options: { status: 200 | 304; document: Document; isSteady: boolean },
): Exchange {
  const { status, document, isSteady } = options;
  const { etag, body } = document;
  const headers: Record<string, string> = status === 304 ? { 'if-none-match': etag } : {};
  const request = toRequest({ path, headers });
  const due = status === 304 ? Buffer.alloc(0) : body;
  // The catalog must be the same all along.
  const header = path === '/api/models' ? etag : null;
  return { request, status, header, body: isSteady ? due : null };
}

function describe(rows: readonly Row[]): string {
  const head = [`${CONNECTIONS} connections`, 'requests/s', 'p50 ms', 'p99 ms', 'µs CPU each'];
  const toCells = (name: string, load: Load | undefined) => [
    `  ${name}`,
    toFixed(load?.perSecond, 0),
    toFixed(load?.p50, 2),
    toFixed(load?.p99, 2),
    toFixed(load?.cpu, 0),
  ];
  return toTable(
    head,
    rows.flatMap(({ title, bare, paddock }) => [
      [title],
      toCells('bare Hono handler', bare),
      toCells('Paddock', paddock),
    ]),
  );
}

function toGoal({ title, bare, paddock }: Row): Goal {
  const figure = (paddock?.perSecond ?? Number.NaN) / (bare?.perSecond ?? Number.NaN);
  return { title: `${title}: requests/s, Paddock / bare`, figure, atLeast: MIN_RATIO };
}
