import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../telemetry/log.ts';
import type { Listening } from './listen-on-ports.ts';

interface Ending {
  readonly server: Listening;
  readonly log: Log;
  readonly graceMs: number;
  readonly stopping: AbortController;
  readonly aborting: AbortController;
  /** Closes the parts that requests may still use. */
  readonly closeRest: () => Promise<unknown>;
}

/** Ends the process on a signal, after the running responses or the grace period; on a second one, at once. */
export function endOnSignal(ending: Ending): void {
  let isEnding = false;
  const end = () => {
    if (isEnding) process.exit(1);
    isEnding = true;
    void close(ending).then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
}

async function close(ending: Ending): Promise<void> {
  const { server, log, graceMs, stopping, aborting, closeRest } = ending;
  log.info(
    `Shutting down: running requests have ${graceMs} ms to finish; a second signal exits at once`,
  );
  stopping.abort();
  const hasGraceEnded = sleep(graceMs, true, { ref: false });
  if (await Promise.race([server.drain().then(() => false), hasGraceEnded])) {
    log.warn(`Running requests did not finish within ${graceMs} ms: they are cut off`);
  }
  aborting.abort();
  await server.cut();
  await closeRest();
}
