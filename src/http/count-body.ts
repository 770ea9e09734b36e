import type { ExchangeEnd } from '../exchange/exchange.ts';
import { readLength } from './hand-over.ts';
import type { Deliver, Delivering } from './observe.ts';

/**
 * Notices the end of an answer on every runtime: by its body, which flows on as it is read. What is no stream has ended
 * when it is handed over.
 */
export const countBody: Deliver = (delivering) => {
  const { response, exchange } = delivering;
  if (!isStream(delivering) || response.body === null) {
    end(delivering, { why: exchange.status === 499 ? 'client_gone' : 'complete', bytesOut: null });
    return response;
  }
  const { status, headers } = response;
  return new Response(count(response.body, delivering), { status, headers });
};

/** Whether the body is somebody's stream, and not a text of Paddock's own. */
function isStream({ exchange, request, response }: Delivering): boolean {
  if (request.method === 'HEAD') return false;
  if (exchange.provider !== null && exchange.error === null) return true;
  return response.headers.get('content-type') === 'text/event-stream';
}

function count(
  body: ReadableStream<Uint8Array>,
  delivering: Delivering,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const { exchange } = delivering;
  let bytesOut = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) {
            end(delivering, { why: 'complete', bytesOut });
            return controller.close();
          }
          bytesOut += value.byteLength;
          controller.enqueue(value);
        } catch (error) {
          end(delivering, {
            why: exchange.provider === null ? 'failed' : 'upstream_gone',
            bytesOut,
          });
          controller.error(error);
        }
      },
      cancel(reason) {
        end(delivering, { why: 'client_gone', bytesOut });
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function end(
  { request, clock, ended }: Delivering,
  { why, bytesOut }: { why: ExchangeEnd; bytesOut: number | null },
): void {
  ended({ end: why, endedAt: clock.monotonic(), bytesIn: readLength(request.headers), bytesOut });
}
