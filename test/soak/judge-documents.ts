import { HOSTS, MODELS, STEADY_HOSTS } from './hosts.ts';
import type { Judgement, Seen } from './judge-answer.ts';

const RIGHT: Judgement = { is: 'right' };

interface CatalogAnswer {
  readonly providers: readonly {
    readonly name: string;
    readonly status: string;
    readonly models: readonly { readonly id: string }[];
  }[];
}

interface ModelsAnswer {
  readonly data: readonly { readonly id: string; readonly owned_by: string }[];
}

/** Judges what `/api/models` or `/v1/models` answered a client that sent `etag`. An offline host is no excuse. */
export function judgeDocument(
  kind: 'catalog' | 'models',
  { seen, etag }: { seen: Seen; etag: string | null },
): Judgement {
  const { status, end, text, headers } = seen;
  if (status === null || end !== 'whole') return { is: 'lost', why: `${end} at ${status}` };
  if (status === 304) {
    if (etag === null || headers['etag'] !== etag) return { is: 'wrong', why: '304 for another' };
    return text === '' ? RIGHT : { is: 'wrong', why: '304 with a body' };
  }
  if (status !== 200) return { is: 'wrong', why: `status ${status}` };
  if (headers['etag'] === etag) return { is: 'wrong', why: 'sent again under the same validator' };
  const fault = findFault(kind, text);
  return fault === null ? RIGHT : { is: 'wrong', why: fault };
}

/** Says what is wrong with a document, or null. */
function findFault(kind: 'catalog' | 'models', text: string): string | null {
  const lists = readLists(kind, text);
  if (lists === null) return 'not the document that was due';
  for (const [host, ids] of lists) {
    const due = Object.keys(MODELS).map((model) => `${host}/${model}`);
    const isAway = ids.length === 0 && !isSteady(host);
    if (!isAway && ids.toSorted().join() !== due.toSorted().join()) return `${host}: ${ids.join()}`;
  }
  return null;
}

/** The IDs of each host's models, all hosts in their order; null where the text does not say. */
function readLists(kind: 'catalog' | 'models', text: string): [string, string[]][] | null {
  try {
    return kind === 'catalog' ? readCatalog(text) : readModels(text);
  } catch {
    return null;
  }
}

function readCatalog(text: string): [string, string[]][] | null {
  const { providers } = JSON.parse(text) as CatalogAnswer;
  if (providers.map(({ name }) => name).join() !== HOSTS.join()) return null;
  if (providers.some(({ name, status }) => isSteady(name) && status !== 'online')) return null;
  return providers.map(({ name, models }) => [name, models.map(({ id }) => id)]);
}

function readModels(text: string): [string, string[]][] | null {
  const { data } = JSON.parse(text) as ModelsAnswer;
  if (data.some(({ owned_by: owner }) => !HOSTS.some((host) => host === owner))) return null;
  return HOSTS.map((host) => [
    host,
    data.filter(({ owned_by: owner }) => owner === host).map(({ id }) => id),
  ]);
}

function isSteady(host: string): boolean {
  return STEADY_HOSTS.some((steady) => steady === host);
}

const EVENT = /^event: (catalog|favorites)\ndata: ((?:W\/)?"[^"]+")$/u;
const COMMENT = /^:|^retry: /u;

/** Judges the events that a listener of `/api/events` received until it left: both validators, and none twice in a row. */
export function judgeEvents({ status, end, text, headers }: Seen): Judgement {
  if (status === null || end !== 'left') return { is: 'lost', why: `${end} at ${status}` };
  if (status !== 200 || headers['content-type'] !== 'text/event-stream') {
    return { is: 'wrong', why: `status ${status}, ${String(headers['content-type'])}` };
  }
  const reported = new Map<string, string>();
  // The last one may have been left in its middle.
  for (const frame of text.split('\n\n').slice(0, -1)) {
    const [, name, etag] = EVENT.exec(frame) ?? [];
    if (name === undefined || etag === undefined) {
      if (COMMENT.test(frame)) continue;
      return { is: 'wrong', why: `no event: ${frame}` };
    }
    if (reported.get(name) === etag) return { is: 'wrong', why: `${name} reported twice` };
    reported.set(name, etag);
  }
  return reported.size === 2
    ? RIGHT
    : { is: 'lost', why: `reported only ${[...reported.keys()].join()}` };
}
