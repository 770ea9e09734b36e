// A fleet, a gateway before it and a browser: everything that a person at a screen has, in processes and on sockets of
// their own.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
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
import { launchChromium } from './chromium.ts';

/** A simulated host that can go and come back under its address. */
interface StageHost {
  readonly host: LlamaSwapHost;
  readonly port: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** All of it. */
export interface Stage {
  /** The gateway's address. */
  readonly url: string;
  readonly desktop: StageHost;
  readonly lab: StageHost;
  /** Opens a page with a context of its own, at a path of the gateway or an address elsewhere. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  stopGateway(): Promise<void>;
  startGateway(): Promise<void>;
  /** What pages complained of: errors that nobody caught, and everything that their policy forbade. */
  readonly complaints: string[];
  close(): Promise<void>;
}

interface StageOptions {
  /** Further settings of the gateway. */
  readonly settings?: Record<string, string>;
  /** What differs of the hosts; the demo's models by default, which load in a tenth of their time. */
  readonly desktop?: Partial<LlamaSwapHostOptions>;
  readonly lab?: Partial<LlamaSwapHostOptions>;
}

/** Sets the stage: `sam-desktop` with `qwen3.6-27b` loaded, and `lab-server` with `gpt-oss-120b`. */
export async function setStage(options: StageOptions = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'paddock-browser-'));
  const desktop = await startHost({
    name: 'sam-desktop',
    models: quicken(SAM_DESKTOP_MODELS),
    loaded: 'qwen3.6-27b',
    ...options.desktop,
  });
  const lab = await startHost({
    name: 'lab-server',
    models: quicken(LAB_SERVER_MODELS),
    loaded: 'gpt-oss-120b',
    ...options.lab,
  });
  const port = await findDeadPort();
  const settings = {
    PROVIDERS: `sam-desktop=llama-swap://127.0.0.1:${desktop.port}?label=Sam's%20desktop lab-server=llama-swap://127.0.0.1:${lab.port}?label=Lab%20server`,
    // Quick enough for a test to see what changes.
    CATALOG_TTL_MS: '500',
    PORT: String(port),
    ...options.settings,
  };
  let gateway: Instance | null = await startServer(NODE, { cwd: folder, settings });
  let browser: Browser | null = null;
  const complaints: string[] = [];
  const url = `http://127.0.0.1:${port}`;
  const stopGateway = async () => {
    await gateway?.kill();
    gateway = null;
  };
  return {
    url,
    desktop,
    lab,
    complaints,
    async open(path, contextOptions = {}) {
      browser ??= await launchChromium();
      const context = await browser.newContext(contextOptions);
      const page = await context.newPage();
      listenTo(page, complaints);
      await page.goto(new URL(path, url).href);
      return page;
    },
    stopGateway,
    async startGateway() {
      gateway ??= await startServer(NODE, { cwd: folder, settings });
    },
    async close() {
      await browser?.close();
      await Promise.all([stopGateway(), desktop.stop(), lab.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same models, which take a tenth of the time to load. */
export function quicken(models: readonly DemoModel[]): DemoModel[] {
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

function listenTo(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // A gateway or host that is away is no fault of the page.
    const isExpected = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isExpected) complaints.push(message.text());
  });
}
