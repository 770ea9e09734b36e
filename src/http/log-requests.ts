import type { Observer } from '../exchange/exchange.ts';
import { toRequestLevel, toRequestLine } from '../exchange/request-line.ts';
import type { Log } from './log.ts';

/** Makes the observer that writes a line for each request. */
export function logRequests(log: Log): Observer {
  return {
    ended: (exchange, delivery) => {
      if (log.writes(toRequestLevel(exchange, delivery))) {
        log.request(toRequestLine(exchange, delivery));
      }
    },
  };
}
