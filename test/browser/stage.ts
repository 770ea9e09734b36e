// What a user of the console has: two hosts, a gateway process in front of them, and a browser.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished, TestRunner } from 'vitest';
import type { DemoModel } from '../../demo/demo-model.ts';
import { LAB_SERVER_MODELS, SAM_DESKTOP_MODELS } from '../../demo/fleet-models.ts';
import { listen, type Listener } from '../../demo/listen.ts';
import {
  createLlamaSwapHost,
  type LlamaSwapHost,
  type LlamaSwapHostOptions,
} from '../../demo/llama-swap-host.ts';
import { findDeadPort } from '../hosts.ts';
import { NODE, startServer, type Instance } from '../runtimes/runtimes.ts';
import { connectToChromium } from './chromium.ts';
import { launchChromium } from './launch-chromium.ts';

/** A simulated host that can stop, and start again on the same port. */
interface StageHost {
  readonly host: LlamaSwapHost;
  readonly port: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Two hosts, a gateway, and pages. */
export interface Stage {
  /** The gateway's address. */
  readonly url: string;
  readonly desktop: StageHost;
  readonly lab: StageHost;
  /**
   * Opens a page in a new context, at a path of the gateway or an address elsewhere. The context is closed after the
   * test that opens it, or with the stage if no test is running.
   */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  stopGateway(): Promise<void>;
  startGateway(): Promise<void>;
  /** The errors in the pages' consoles: uncaught errors, and everything that the content security policy blocked. */
  readonly consoleErrors: string[];
  close(): Promise<void>;
}

interface StageOptions {
  /** More settings of the gateway. */
  readonly settings?: Record<string, string>;
  /** Options of the hosts. By default they have the demo's models, which load in a tenth of their time. */
  readonly desktop?: Partial<LlamaSwapHostOptions>;
  readonly lab?: Partial<LlamaSwapHostOptions>;
  /** Launches a Chromium of its own for a file that reads the clipboard: all pages of a Chromium share it. */
  readonly ownClipboard?: boolean;
}

/** Starts `sam-desktop` with `qwen3.6-27b` loaded, `lab-server` with `gpt-oss-120b` loaded, and the gateway. */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'paddock-browser-'));
  const desktop = await startHost({
    name: 'sam-desktop',
    models: withShortLoads(SAM_DESKTOP_MODELS),
    loaded: 'qwen3.6-27b',
    ...options.desktop,
  });
  const lab = await startHost({
    name: 'lab-server',
    models: withShortLoads(LAB_SERVER_MODELS),
    loaded: 'gpt-oss-120b',
    ...options.lab,
  });
  const port = await findDeadPort();
  const settings = {
    PROVIDERS: `sam-desktop=llama-swap://127.0.0.1:${desktop.port}?label=Sam's%20desktop lab-server=llama-swap://127.0.0.1:${lab.port}?label=Lab%20server`,
    // Short, so that a page shows a change soon.
    CATALOG_TTL_MS: '500',
    PORT: String(port),
    ...options.settings,
  };
  let gateway: Instance | null = await startServer(NODE, { cwd: folder, settings });
  const contexts: BrowserContext[] = [];
  const ownBrowser = options.ownClipboard === true ? await launchChromium() : null;
  const consoleErrors: string[] = [];
  const url = `http://127.0.0.1:${port}`;
  const stopGateway = async () => {
    await gateway?.kill();
    gateway = null;
  };
  return {
    url,
    desktop,
    lab,
    consoleErrors,
    async open(path, contextOptions = {}) {
      const browser = ownBrowser ?? (await connectToChromium());
      const context = await browser.newContext(contextOptions);
      contexts.push(context);
      if (TestRunner.getCurrentTest() !== undefined) onTestFinished(() => context.close());
      const page = await context.newPage();
      listenTo(page, consoleErrors);
      await page.goto(new URL(path, url).href);
      return page;
    },
    stopGateway,
    async startGateway() {
      gateway ??= await startServer(NODE, { cwd: folder, settings });
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close()));
      await ownBrowser?.close();
      await Promise.all([stopGateway(), desktop.stop(), lab.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Returns the same models with a tenth of the load time. */
export function withShortLoads(models: readonly DemoModel[]): DemoModel[] {
  return models.map((model) => ({ ...model, loadMs: model.loadMs / 10 }));
}

async function startHost(options: LlamaSwapHostOptions): Promise<StageHost> {
  const host = createLlamaSwapHost(options);
  let listener: Listener | null = await listen(host.fetch);
  const { port } = listener;
  return {
    host,
    port,
    async stop() {
      await listener?.close();
      listener = null;
    },
    async start() {
      listener ??= await listen(host.fetch, { port });
    },
  };
}

function listenTo(page: Page, consoleErrors: string[]): void {
  page.on('pageerror', (error) => consoleErrors.push(String(error)));
  page.on('console', (message) => {
    // The page is not at fault if a gateway or host is offline.
    const isExpected = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isExpected) consoleErrors.push(message.text());
  });
}
