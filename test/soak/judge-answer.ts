import { toFaultText, toPieces, PATHS, toPayload, type Fault, type Inference } from './exchange.ts';
import { MODELS } from './hosts.ts';
import { toDigest } from './to-digest.ts';

/** What came of a request. */
export interface Seen {
  /** Null where no headers came. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As much of the body as came. */
  readonly text: string;
  /** Whether it ended as HTTP says it should, was cut off, was left by its client, or nothing came for too long. */
  readonly end: 'whole' | 'cut' | 'left' | 'silent';
  /** When it was sent and when it ended, by `performance.now()`. */
  readonly from: number;
  readonly to: number;
}

/**
 * What to think of it. `right`: what was asked for. `explained`: a fault that was injected, seen by the client as it
 * should be. `lost`: nothing explains that the answer did not come. `wrong`: it is not the answer to this request.
 */
export type Judgement =
  | { readonly is: 'right' | 'explained' }
  | { readonly is: 'lost' | 'wrong'; readonly why: string };

const RIGHT: Judgement = { is: 'right' };
const EXPLAINED: Judgement = { is: 'explained' };

/**
 * After these a client sees an answer break off; or none, where it broke before its headers were read, or, as Bun has it,
 * before they were sent.
 */
const CUTS: ReadonlySet<Fault | null> = new Set(['resets midway', 'bad chunk', 'too short']);

/** What only Paddock says, and only of a host that gave no answer. */
const UNREACHABLE = 'The request was not retried.';

/** Judges the answer to a request for a model; `isHostDown` where its host was killed meanwhile. */
export function judgeAnswer(
  request: Inference,
  { seen, isHostDown }: { seen: Seen; isHostDown: boolean },
): Judgement {
  const { status, end } = seen;
  const { fault, kind } = request;
  if (status === null) {
    if (end === 'left' && fault === 'hangs') return EXPLAINED;
    if (end === 'cut' && (isHostDown || CUTS.has(fault))) return EXPLAINED;
    return { is: 'lost', why: end === 'silent' ? 'no answer came' : 'cut off without an answer' };
  }
  const provider = seen.headers['x-paddock-provider'];
  if (provider !== request.host) return { is: 'wrong', why: `answered by ${String(provider)}` };
  if (isUnreachable(seen)) {
    const isExplained = isHostDown || fault === 'resets at once' || CUTS.has(fault);
    return isExplained ? EXPLAINED : { is: 'lost', why: 'said to be unreachable' };
  }
  const model = seen.headers['x-paddock-model'];
  if (model !== MODELS[request.model]) return { is: 'wrong', why: `of model ${String(model)}` };
  const expected = toExpected(request);
  const is500 = fault === 'answers 500';
  if (status !== (is500 ? 500 : 200)) return { is: 'wrong', why: `status ${status}` };
  if (!expected.startsWith(seen.text)) return { is: 'wrong', why: 'not the text that was due' };
  if (end === 'whole') {
    if (seen.text !== expected) return { is: 'wrong', why: 'cut short as if it were whole' };
    return is500 ? EXPLAINED : RIGHT;
  }
  if (end === 'left' && kind === 'left midway') return RIGHT;
  if (end === 'cut' && (isHostDown || CUTS.has(fault))) return EXPLAINED;
  return { is: 'lost', why: end === 'silent' ? 'nothing more came' : 'cut off' };
}

function toExpected(request: Inference): string {
  if (request.fault === 'answers 500') return toFaultText(request);
  const { kind, nonce, host, model } = request;
  const digest = toDigest(toPayload(request));
  return toPieces({ kind, nonce, host, model, path: PATHS[kind], digest }).join('');
}

/** Paddock's own word for a host that gave no answer, in OpenAI's or Anthropic's envelope; if its client stayed for it. */
function isUnreachable({ status, end, text }: Seen): boolean {
  if (status !== 502) return false;
  if (end === 'left') return true;
  return end === 'whole' && text.includes('"src":"paddock"') && text.includes(UNREACHABLE);
}
