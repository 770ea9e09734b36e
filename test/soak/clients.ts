import type { Dispatcher } from 'undici';
import { drawRequest, isInference, type Drawn } from './draw-request.ts';
import type { Inference } from './exchange.ts';
import { judgeAnswer, type Seen } from './judge-answer.ts';
import { judgeDocument, judgeEvents } from './judge-documents.ts';
import { createRandom, type Random } from './random.ts';
import { send, type Sending } from './send.ts';
import type { Tally } from './tally.ts';
import { toMessage } from './to-message.ts';

/** What clients need. */
export interface ClientSetup {
  readonly paddock: Dispatcher;
  readonly seed: number;
  readonly tally: Tally;
  /** Whether a host was down at any time from one moment to another. */
  readonly wasDown: (host: string, span: { from: number; to: number }) => boolean;
  /** Aborts when no further request is to be sent. */
  readonly ending: AbortSignal;
}

/** Longer than a listener is kept waiting for its first events by a probe. */
const LISTEN_MS = [1500, 3000] as const;
const DOCUMENTS = { catalog: '/api/models', models: '/v1/models' } as const;

/** Runs so many clients at once, each as fast as it gets answers; resolves when each has its last answer. */
export async function runClients(count: number, setup: ClientSetup): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, client) => runClient(client, setup)));
}

async function runClient(client: number, setup: ClientSetup): Promise<void> {
  const { paddock, seed, tally, ending } = setup;
  const random = createRandom(seed * 10_007 + client);
  const etags = new Map<string, string>();
  for (let number = 0; !ending.aborted; number += 1) {
    const drawn = drawRequest(random, { client, id: `${seed}-${client}-${number}` });
    if (isInference(drawn)) {
      if (drawn.fault !== null) tally.addFault(drawn.fault);
      const seen = await send(paddock, toSending(drawn, random));
      const isHostDown = setup.wasDown(drawn.host, seen);
      const judged = judgeAnswer(drawn, { seen, isHostDown });
      const about = `, of ${drawn.host}, ${drawn.fault ?? 'no fault'}${tell(seen)}`;
      tally.add(drawn.kind, { ...judged, about });
    } else await askPaddock(drawn, { ...setup, random, etags });
  }
}

function toSending(request: Inference, random: Random): Sending {
  const { path, contentType, body } = toMessage(request);
  return {
    path,
    method: 'POST',
    headers: { 'content-type': contentType },
    body,
    ...(request.fault === 'hangs' && { leaveAfterMs: random.whole(20, 300) }),
    ...(request.kind === 'left midway' && { leaveAfterBytes: random.whole(1, 4000) }),
    ...(request.kind === 'slow reader' && { pauseMs: 30 }),
  };
}

async function askPaddock(
  { kind }: Exclude<Drawn, Inference>,
  setup: ClientSetup & { random: Random; etags: Map<string, string> },
): Promise<void> {
  const { paddock, tally, random, etags } = setup;
  if (kind === 'events') {
    const leaveAfterMs = random.whole(...LISTEN_MS);
    const seen = await send(paddock, {
      path: '/api/events?topics=catalog,favorites',
      leaveAfterMs,
    });
    return tally.add(kind, { ...judgeEvents(seen), about: tell(seen) });
  }
  const etag = etags.get(kind) ?? null;
  const headers: Record<string, string> = etag === null ? {} : { 'if-none-match': etag };
  const seen = await send(paddock, { path: DOCUMENTS[kind], headers });
  tally.add(kind, { ...judgeDocument(kind, { seen, etag }), about: tell(seen) });
  if (typeof seen.headers['etag'] === 'string') etags.set(kind, seen.headers['etag']);
}

function tell({ status, end, from, to, text }: Seen): string {
  const took = `${Math.round(from)} to ${Math.round(to)} ms`;
  return `, status ${status}, ${end} after ${text.length} characters, ${took}, ${text.slice(0, 200)}`;
}
