// The stage, and a foreign web site that embeds the picker.

import type { BrowserContextOptions, Page } from 'playwright-core';
import { listen } from '../../demo/listen.ts';
import { startStage, type Stage } from './stage.ts';

interface EmbedOptions extends BrowserContextOptions {
  /** The page's content security policy. */
  readonly policy?: string;
}

/** A stage with pages that embed the picker. */
export interface PickerStage extends Stage {
  /** Opens a page of another origin, with `body` as its body and the picker's module in its head. */
  embed(body: string, options?: EmbedOptions): Promise<Page>;
}

/** Starts what `startStage` starts, and a web site that CORS_ORIGINS lists. */
export async function startPickerStage(
  options: Parameters<typeof startStage>[0] = {},
): Promise<PickerStage> {
  let html = '';
  let policy: string | undefined;
  const site = await listen(async () => {
    const headers = new Headers({ 'content-type': 'text/html; charset=utf-8' });
    if (policy !== undefined) headers.set('content-security-policy', policy);
    return new Response(html, { headers });
  });
  const origin = `http://127.0.0.1:${site.port}`;
  const settings = { CORS_ORIGINS: origin, ...options.settings };
  const stage = await startStage({ ...options, settings });
  return {
    ...stage,
    async embed(body, { policy: mine, ...contextOptions } = {}) {
      policy = mine;
      html = `<!doctype html>
        <html lang="en">
          <head>
            <meta name="viewport" content="width=device-width" />
            <title>Elsewhere</title>
            <link rel="icon" href="data:," />
            <script type="module" src="${stage.url}/picker.js"></script>
          </head>
          <body><main><h1>Elsewhere</h1>${body}</main></body>
        </html>`;
      const page = await stage.open(origin, contextOptions);
      await page.waitForFunction(() => customElements.get('model-picker') !== undefined);
      return page;
    },
    async close() {
      await stage.close();
      await site.close();
    },
  };
}

/** The picker's own button. */
export const buttonOf = (page: Page) => page.locator('model-picker .open');

/** The open list. */
export const listOf = (page: Page) => page.getByRole('listbox');

/** Its rows of a model's name. */
export const optionsOf = (page: Page, name: string | RegExp) => page.getByRole('option', { name });

/** The name of the option that the keyboard is on, as screen readers say it. */
export function readActive(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    let root: Document | ShadowRoot = document;
    while (root.activeElement?.shadowRoot) root = root.activeElement.shadowRoot;
    const id = root.activeElement?.getAttribute('aria-activedescendant');
    return id ? (root.getElementById(id)?.getAttribute('aria-label') ?? 'nothing there') : null;
  });
}
