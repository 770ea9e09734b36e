import type { Settings } from '../settings/settings.ts';
import type { FetchHandler, Handlers } from './open-app.ts';
import type { Refuse } from './refuse.ts';

/** Binds a port. Rejects where it cannot be bound; port 0 is any free one. */
export type Listen = (options: {
  fetch: FetchHandler;
  refuse: Refuse;
  host: string;
  port: number;
  maxBodyBytes: number;
}) => Promise<Listening>;

/** A port that is listened on. */
export interface Listening {
  readonly port: number;
  /** Closes connections that have nothing to do. */
  closeIdle(): void;
  /** Takes no more connections, and resolves when what runs has ended. */
  drain(): Promise<unknown>;
  /** Cuts off what still runs, and resolves when that is noticed. */
  cut(): Promise<unknown>;
}

/** All ports of a process, as one. */
interface Ports extends Listening {
  /** Null where `UPSTREAM_PORT` is not set. */
  readonly upstreamPort: number | null;
}

/** Why a process cannot start, for its owner. */
export class StartError extends Error {}

/**
 * Listens on `PORT` and, where it is set, on `UPSTREAM_PORT`.
 * @param options.open makes what answers, from the settings with the port that `UPSTREAM_PORT` came to
 * @throws {StartError} where a port cannot be bound
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
    if (handler === null) throw new Error('UPSTREAM_PORT was asked before anything could answer');
    return handler(request);
  };
  // First, because the catalog tells its number.
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
      `Port ${port} of ${host} is taken: end what listens there, or set ${variable} to another.`,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EACCES') {
    return new StartError(
      `${host}:${port} cannot be listened on (${code}): set HOST and ${variable}.`,
    );
  }
  return cause;
}
