import type { ModelTable } from './demo-model.ts';
import type { FailureRenderer } from './host-errors.ts';
import type { HostLog } from './host-log.ts';
import type { ModelLoader } from './model-loader.ts';
import type { ModelServer } from './model-server.ts';
import type { ProfileTable } from './profiles.ts';
import type { Release } from './release.ts';
import type { Sleep } from './sleep.ts';

/** The state that the routes of one simulated host share. */
export interface HostState {
  name: string;
  release: Release;
  models: ModelTable;
  loader: ModelLoader;
  server: ModelServer;
  profiles: ProfileTable;
  log: HostLog;
  sleep: Sleep;
  renderFailure: FailureRenderer;
}

/** Returns the path of a request without percent-encoding, as Go's router sees it. */
export function decodePath(request: Request): string {
  const { pathname } = new URL(request.url);
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
