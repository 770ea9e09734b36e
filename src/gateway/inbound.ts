import type { HeaderRecord } from './headers.ts';
import { readBytes, type ReadLimits } from './read-bytes.ts';

/** Reads clients' requests. A runtime may provide a faster implementation than that of web standards. */
export interface Inbound {
  readHeaders(client: Request): HeaderRecord;
  /** Reads all of a body into an array that the caller owns. Throws like `readBytes`. */
  readBytes(client: Request, limits: ReadLimits): Promise<Uint8Array>;
}

/** The implementation for any runtime, by web standards. */
export const webInbound: Inbound = {
  readHeaders: (client) => Object.fromEntries(client.headers),
  readBytes,
};
