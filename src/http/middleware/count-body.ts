import type { Exchange, ExchangeEnd } from '../../telemetry/exchange.ts';
import { CLIENT_GONE_STATUS } from '../render-error.ts';
import type { Deliver, Delivering } from './observe.ts';

/**
 * Detects the end of an answer on every runtime by its body, which is passed on as it is read. An answer with a
 * `Content-Length` is handed over unchanged: a provider that knows the length has finished its work, and watching a short
 * body costs more than sending it.
 */
export const countBody: Deliver = (delivering) => {
  const { response } = delivering;
  if (!isStream(delivering) || response.body === null) return handOver(delivering);
  const { status, headers } = response;
  return new Response(count(response.body, delivering), { status, headers });
};

/** Whether the body is a stream of unknown length. Of Paddock's own answers, only event streams are. */
function isStream({ exchange, request, response }: Delivering): boolean {
  if (request.method === 'HEAD') return false;
  const { headers } = response;
  if (exchange.provider === null) return headers.get('content-type') === 'text/event-stream';
  return exchange.error === null && !headers.has('content-length');
}

function count(
  body: ReadableStream<Uint8Array>,
  delivering: Delivering,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const { exchange } = delivering;
  let bytesOut = 0;
  let isCancelled = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          // The client left while this read was pending.
          if (isCancelled) return;
          if (done) {
            end(delivering, { why: 'complete', bytesOut });
            return controller.close();
          }
          bytesOut += value.byteLength;
          exchange.tail?.add(value);
          controller.enqueue(value);
        } catch (error) {
          if (isCancelled) return;
          const failure = exchange.upstreamFailure ?? 'upstream_gone';
          end(delivering, { why: exchange.provider === null ? 'failed' : failure, bytesOut });
          controller.error(error);
        }
      },
      cancel(reason) {
        isCancelled = true;
        end(delivering, { why: 'client_gone', bytesOut });
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function end(
  { request, clock, ended }: Delivering,
  { why, bytesOut }: { why: ExchangeEnd; bytesOut: number },
): void {
  ended({ end: why, endedAt: clock.monotonic(), bytesIn: readLength(request.headers), bytesOut });
}

/** Hands an answer to a platform that sends it itself, faster than code that watches the body could. */
export const handOver: Deliver = ({ request, response, exchange, clock, ended }) => {
  ended({
    end: toHandedEnd(exchange),
    endedAt: clock.monotonic(),
    bytesIn: readLength(request.headers),
    bytesOut: readLength(response.headers),
  });
  return response;
};

function toHandedEnd({ provider, error, status }: Exchange): ExchangeEnd {
  if (status === CLIENT_GONE_STATUS) return 'client_gone';
  return provider !== null && error === null ? 'handed_over' : 'complete';
}

/** Returns the `Content-Length` in bytes, or null. */
function readLength(headers: Headers): number | null {
  const length = headers.get('content-length');
  return length === null ? null : Number(length);
}
