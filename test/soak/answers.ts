// A request of the soak, and what is seen where its answer is as it should be.

import { PATHS, toFaultText, toPayload, toPieces, type Inference } from './exchange.ts';
import { MODELS } from './hosts.ts';
import type { Seen } from './judge-answer.ts';
import { toDigest } from './to-digest.ts';

/** A plain chat, with some parts replaced. */
export function makeRequest(parts: Partial<Inference> = {}): Inference {
  return {
    kind: 'chat',
    host: 'steady-1',
    model: 'größe:7b',
    nonce: 'nonce-1',
    fault: null,
    isModelFirst: true,
    ...parts,
  };
}

/** The right answer, with some parts replaced. */
export function makeSeen(request: Inference, parts: Partial<Seen> = {}): Seen {
  const { kind, nonce, host, model } = request;
  const digest = toDigest(toPayload(request));
  const answer = toPieces({ kind, nonce, host, model, path: PATHS[kind], digest }).join('');
  const is500 = request.fault === 'answers 500';
  return {
    status: is500 ? 500 : 200,
    headers: { 'x-paddock-provider': host, 'x-paddock-model': MODELS[model] },
    text: is500 ? toFaultText(request) : answer,
    end: 'whole',
    from: 0,
    to: 1,
    ...parts,
  };
}

/** What is seen where Paddock says that a host gave no answer. */
export function makeUnreachable({ host }: Inference): Partial<Seen> {
  const message = `${host} refused the connection. The request was not retried.`;
  return {
    status: 502,
    headers: { 'x-paddock-provider': host },
    text: JSON.stringify({ src: 'paddock', error: { message } }),
  };
}
