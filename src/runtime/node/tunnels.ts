import { STATUS_CODES, type ServerResponse } from 'node:http';
import { takeOver } from './accept-upgrade.ts';
import { Tunnel } from './tunnel.ts';
import type { UpgradedResponse } from '../upgraded-response.ts';

/** The WebSockets of a Node server. */
export interface Tunnels {
  /** Joins the client that waits for this response with the upstream. */
  open(response: UpgradedResponse, outgoing: ServerResponse): void;
  /** Ends all WebSockets, and those opened later at once. */
  stop(): void;
  /** Closes the remaining WebSockets at once. */
  destroy(): void;
}

/** Creates the set of WebSockets of a Node server, which does not track them itself. */
export function createTunnels(): Tunnels {
  const open = new Set<Tunnel>();
  let isStopping = false;
  return {
    open(response, outgoing) {
      const { upstream, headers } = response;
      const client = takeOver(outgoing);
      if (client === null) {
        upstream.destroy();
        throw new Error('The connection of a WebSocket is not to be had');
      }
      client.write(toHead(headers));
      const tunnel: Tunnel = new Tunnel({
        client,
        upstream,
        ended: (end) => {
          open.delete(tunnel);
          response.ended(end);
        },
      });
      open.add(tunnel);
      if (isStopping) tunnel.stop();
    },
    stop() {
      isStopping = true;
      for (const tunnel of open) tunnel.stop();
    },
    destroy() {
      for (const tunnel of open) tunnel.destroy();
    },
  };
}

function toHead(headers: Headers): string {
  const lines = [`HTTP/1.1 101 ${STATUS_CODES[101]}`, 'connection: Upgrade', 'upgrade: websocket'];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
