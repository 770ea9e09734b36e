import type { Clock } from '../clock.ts';
import { PaddockError } from '../errors.ts';
import type { Fetch } from '../fetch.ts';
import type { Outcome } from '../registry/outcome.ts';
import type { LogReader } from '../registry/provider-kind.ts';
import { toCredentials, type Provider } from '../registry/provider.ts';
import { toOutcomeError } from '../upstream/outcome-error.ts';
import { askProvider, type RequestUpstream } from '../upstream/request-upstream.ts';
import { readText } from '../upstream/read-text.ts';
import { toFailure } from '../upstream/invalid-answer.ts';

/** A log to read, and when to stop. */
interface WantedLog {
  readonly provider: Provider;
  readonly logs: LogReader;
  /** The provider's own name for a model, for its part of the log; null for the whole log. */
  readonly model: string | null;
  readonly follow: boolean;
  /** Aborted when the client is gone, or Paddock stops. */
  readonly ended: AbortSignal;
}

/** Opens the log of a provider as a stream. */
export type OpenLog = (wanted: WantedLog) => Promise<ReadableStream<Uint8Array>>;

/** How long a provider may be silent before its log counts as complete, in milliseconds: nothing shows its end. */
const QUIET_MS = 400;
/** The time limit for the existing lines of a log that keeps growing, in milliseconds. */
const COMPLETE_MS = 3000;
/** The outcomes of a request that show that the provider is running. */
const ALIVE: ReadonlySet<Outcome<unknown>['kind']> = new Set(['ok', 'status', 'unexpected']);
const MAX_ERROR_BYTES = 64 * 1024;

/** Creates the function that opens logs. */
export function createOpenLog(options: {
  fetch: Fetch;
  clock: Clock;
  requestUpstream: RequestUpstream;
}): OpenLog {
  const { fetch, clock, requestUpstream } = options;

  async function request(wanted: WantedLog, at: { path: string; signal: AbortSignal }) {
    const { provider } = wanted;
    const answer = await fetch(provider.baseUrl + at.path, {
      // llama-swap sends its web page to clients that accept HTML, and its errors as JSON to those that accept that.
      headers: {
        ...toCredentials(provider),
        accept: 'application/json',
        'accept-encoding': 'identity',
      },
      redirect: 'manual',
      signal: at.signal,
    }).catch((error: unknown) => {
      throw toOutcomeError(toFailure(error), { provider, purpose: 'management' });
    });
    if (!answer.ok) throw await toRefusal(answer, wanted);
    return answer;
  }

  /** Throws unless the provider answers. llama-swap sends no headers before the first line of an empty log. */
  async function requireAlive(provider: Provider): Promise<void> {
    const outcome = await provider.kind.running?.read(askProvider(provider, { requestUpstream }));
    if (outcome === undefined || ALIVE.has(outcome.kind)) return;
    if (outcome.kind !== 'ok') throw toOutcomeError(outcome, { provider, purpose: 'management' });
  }

  return async (wanted) => {
    const { provider, logs, model, follow, ended } = wanted;
    const { path, isEndless } = logs.toRequest({ model, follow });
    const controller = new AbortController();
    const end = () => controller.abort();
    if (ended.aborted) end();
    ended.addEventListener('abort', end);
    const answering = request(wanted, { path, signal: controller.signal });
    try {
      if ((await firstWithin(clock, { ms: QUIET_MS, work: answering })) === null) {
        await requireAlive(provider);
      }
    } catch (error) {
      end();
      throw error;
    }
    const limits = isEndless && !follow ? { clock, quietMs: QUIET_MS, wholeMs: COMPLETE_MS } : null;
    return toStream(answering, { controller, limits });
  };
}

interface Limits {
  readonly clock: Clock;
  readonly quietMs: number;
  readonly wholeMs: number;
}

/** Streams the body of an answer that may not have begun, no faster than the client reads, within the limits. */
function toStream(
  answering: Promise<Response>,
  { controller, limits }: { controller: AbortController; limits: Limits | null },
): ReadableStream<Uint8Array> {
  const { signal } = controller;
  const beganAt = limits?.clock.monotonic() ?? 0;
  const parts = readParts(answering);
  const readWithin = ({ clock, quietMs, wholeMs }: Limits) => {
    const ms = Math.min(quietMs, beganAt + wholeMs - clock.monotonic());
    return firstWithin(clock, { ms, work: parts.next() });
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(sink) {
        try {
          const part = await (limits === null ? parts.next() : readWithin(limits));
          if (part !== null && part.done !== true) return sink.enqueue(part.value);
        } catch (error) {
          if (!signal.aborted) throw error;
        }
        sink.close();
        controller.abort();
      },
      cancel: () => controller.abort(),
    },
    { highWaterMark: 0 },
  );
}

async function* readParts(answering: Promise<Response>): AsyncGenerator<Uint8Array, void, void> {
  const { body } = await answering;
  if (body !== null) yield* body;
}

/** Resolves to the result of some work, or to null if that takes longer than `ms` milliseconds. */
function firstWithin<T>(
  clock: Pick<Clock, 'after'>,
  { ms, work }: { ms: number; work: Promise<T> },
): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const stopTimer = clock.after(ms, () => resolve(null));
    work.then(resolve, reject).finally(stopTimer);
  });
}

async function toRefusal(
  answer: Response,
  { provider, logs, model }: WantedLog,
): Promise<PaddockError> {
  const { status } = answer;
  const text = await readText(answer, MAX_ERROR_BYTES).catch(() => '');
  const { name, kind } = provider;
  const reason = model === null ? null : logs.explainRefusal({ status, text });
  if (reason === 'unknown model') {
    const message = `${name} has no log of a model "${model}": GET /api/models lists its models.`;
    return new PaddockError('not_found', message, { param: 'model' });
  }
  if (reason === 'too old') {
    const message = `The ${kind.name} of ${name} is too old to separate the logs of its models: update it, or read its whole log.`;
    return new PaddockError('unsupported_by_provider', message);
  }
  const failure = { kind: 'status', status, body: text, cause: null } as const;
  return toOutcomeError(failure, { provider, purpose: 'management' });
}
