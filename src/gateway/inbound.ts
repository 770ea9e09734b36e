import type { HeaderRecord } from './headers.ts';
import { readBytes, type ReadLimits } from './read-bytes.ts';

/** How clients' requests are read. A runtime may know a faster way than the web's. */
export interface Inbound {
  readHeaders(client: Request): HeaderRecord;
  /**
   * All of a request's body, in an array of its own.
   * @throws {PaddockError} `body_too_large`, `request_timeout`
   * @throws {ClientGone}
   */
  readBytes(client: Request, limits: ReadLimits): Promise<Uint8Array>;
}

/** The way that every runtime has. */
export const webInbound: Inbound = {
  readHeaders: (client) => Object.fromEntries(client.headers),
  readBytes,
};
