import type { Exchange } from '../telemetry/exchange.ts';
import { toHeaderValue } from './headers.ts';

/** Tells the client and the log what the client should correct, in addition to earlier notes. */
export function addNote(exchange: Exchange, note: string): void {
  exchange.note = exchange.note === null ? note : `${exchange.note} ${note}`;
  exchange.headers['x-paddock-note'] = toHeaderValue(exchange.note);
}
