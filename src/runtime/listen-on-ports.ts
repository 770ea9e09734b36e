import type { Settings } from '../settings/settings.ts';
import type { FetchHandler, Handlers } from './open-app.ts';
import type { Refuse } from './refuse.ts';

/** Binds a port. Rejects if it cannot be bound. Port 0 means any free port. */
export type Listen = (options: {
  fetch: FetchHandler;
  refuse: Refuse;
  host: string;
  port: number;
  maxBodyBytes: number;
}) => Promise<Listening>;

/** A listening port. */
export interface Listening {
  readonly port: number;
  closeIdle(): void;
  /** Accepts no more connections. Resolves when all running requests have ended. */
  drain(): Promise<unknown>;
  /** Aborts running requests. Resolves when that has been noticed. */
  cut(): Promise<unknown>;
}

interface Ports extends Listening {
  /** The bound `UPSTREAM_PORT`; null if it is not set. */
  readonly upstreamPort: number | null;
}

/** The reason why a process cannot start, as a message for its operator. */
export class StartError extends Error {}

/**
 * Listens on `PORT` and, if it is set, on `UPSTREAM_PORT`.
 * @param options.open creates the handlers from the settings with the bound port of `UPSTREAM_PORT`
 * @throws {StartError} if a port cannot be bound
 */
export async function listenOnPorts(options: {
  listen: Listen;
  refuse: Refuse;
  settings: Settings;
  open: (settings: Settings) => Handlers;
}): Promise<Ports> {
  const { listen, refuse, settings, open } = options;
  const { host, maxBodyBytes } = settings;
  let handlers: Handlers | null = null;
  const bind = (port: number, { variable, fetch }: { variable: string; fetch: FetchHandler }) =>
    listen({ fetch, refuse, host, port, maxBodyBytes }).catch((cause: unknown) => {
      throw toStartError(cause, { host, port, variable });
    });
  const fetchUpstream: FetchHandler = (request) => {
    const handler = handlers?.fetchUpstream ?? null;
    if (handler === null)
      throw new Error('UPSTREAM_PORT received a request before the app was ready');
    return handler(request);
  };
  // Bind it first: the catalog contains its number.
  const upstream =
    settings.upstreamPort === null
      ? null
      : await bind(settings.upstreamPort, { variable: 'UPSTREAM_PORT', fetch: fetchUpstream });
  const upstreamPort = upstream?.port ?? null;
  handlers = open({ ...settings, upstreamPort });
  const main = await bind(settings.port, { variable: 'PORT', fetch: handlers.fetch });
  const all = upstream === null ? [main] : [main, upstream];
  return {
    port: main.port,
    upstreamPort,
    closeIdle: () => all.forEach((one) => one.closeIdle()),
    drain: () => Promise.all(all.map((one) => one.drain())),
    cut: () => Promise.all(all.map((one) => one.cut())),
  };
}

function toStartError(
  cause: unknown,
  { host, port, variable }: { host: string; port: number; variable: string },
): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  if (code === 'EADDRINUSE') {
    return new StartError(
      `Port ${port} of ${host} is in use: stop the program that listens there, or set ${variable} to another port.`,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EACCES') {
    return new StartError(
      `Cannot listen on ${host}:${port} (${code}): correct HOST and ${variable}.`,
    );
  }
  return cause;
}
