import type { ModelTable } from './demo-model.ts';
import type { HostFailure } from './host-errors.ts';
import type { ModelLoader } from './model-loader.ts';
import type { ModelServer } from './model-server.ts';
import type { Sleep } from './sleep.ts';

/** What the routes of one simulated host share. */
export interface HostState {
  name: string;
  /** `old` is a release from before `/running`, statuses and JSON errors. */
  release: 'current' | 'old';
  models: ModelTable;
  loader: ModelLoader;
  server: ModelServer;
  sleep: Sleep;
  /** Renders a failure in the form of the release and of the request's `Accept`. */
  refuse(request: Request, failure: HostFailure): Response;
}

/** The path of a request without percent-encoding, as Go's router sees it. */
export function decodePath(request: Request): string {
  const { pathname } = new URL(request.url);
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
