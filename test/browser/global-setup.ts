import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { ARGUMENTS, CHROMIUM } from './launch-chromium.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The address of the Chromium that all test files share; empty if Chromium is missing. */
    readonly chromium: string;
  }
}

/** Names of foreign sites and of a home network. This Chromium resolves all of them to loopback. */
const NAMES = ['evil.example', 'friend.example', 'paddock.lan'];
const RULES = NAMES.map((name) => `MAP ${name} 127.0.0.1`).join(', ');

/** Starts one Chromium for all test files: launching it takes longer than most tests. */
export default async function setup({
  provide,
}: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!existsSync(CHROMIUM)) {
    provide('chromium', '');
    return undefined;
  }
  const args = [...ARGUMENTS, `--host-resolver-rules=${RULES}`];
  const server = await chromium.launchServer({ executablePath: CHROMIUM, args });
  provide('chromium', server.wsEndpoint());
  return () => server.close();
}
