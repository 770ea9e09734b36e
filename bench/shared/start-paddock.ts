import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, type Child } from './child.ts';
import { BUN, DIST } from './paths.ts';

/** A Paddock process, started as its users start it. */
export interface Paddock extends Child {
  readonly url: string;
  readonly port: number;
  /** The file that its log goes to. */
  readonly logFile: string;
}

/**
 * Starts the built server on a free port. Its working directory, with its database, is `folder`.
 * @throws if it does not listen
 */
export async function startPaddock(options: {
  runtime?: 'node' | 'bun';
  folder: string;
  settings: Readonly<Record<string, string>>;
  onLine?: (line: string) => void;
}): Promise<Paddock> {
  const { runtime = 'node', folder, settings, onLine } = options;
  // A file, since nothing here would read a pipe in time.
  const logFile = join(mkdtempSync(join(folder, 'log-')), 'log');
  const child = await startChild({
    ...(runtime === 'bun' && { command: BUN }),
    args: [join(DIST, 'runtime', `${runtime}.js`)],
    cwd: folder,
    env: { PORT: '0', ...settings },
    stderr: logFile,
    ...(onLine !== undefined && { onLine }),
  });
  const url = /^Paddock listens on (http:\S+)$/u.exec(child.firstLine)?.[1];
  if (url === undefined) throw new Error(`Expected an address but received "${child.firstLine}"`);
  return { ...child, url, port: Number(new URL(url).port), logFile };
}
