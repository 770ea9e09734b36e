import axeCore from 'axe-core';
import type { Page } from 'playwright-core';

type Axe = typeof axeCore;

/**
 * Returns the rules of axe that the page violates in its current state, each with the violating elements. It sees into
 * shadow DOM.
 */
export async function findViolations(page: Page): Promise<string[]> {
  const isLoaded = () => 'axe' in globalThis;
  if (!(await page.evaluate(isLoaded))) await page.evaluate(axeCore.source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}
