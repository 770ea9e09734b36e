// A folder for artifacts that the test files of a run build once and share.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    [SHARED_FOLDER]: string;
  }
}

/** The name under which tests find the folder. */
export const SHARED_FOLDER = 'sharedFolder';

/** Creates the folder before a run. Returns a function that removes it after the run. */
export default function createSharedFolder(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'paddock-tests-'));
  project.provide(SHARED_FOLDER, folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
