import type { Browser } from 'playwright-core';
import { toGoal, type Goal } from '../goal.ts';
import { median } from '../median.ts';
import { toTable } from '../table.ts';

/** How the console appears to somebody who has never seen it, in milliseconds from the start of its loading. */
export interface PaintFigures {
  readonly opened: number;
  /** Medians. */
  readonly firstPaint: number;
  readonly firstContentfulPaint: number;
  /** When the herd was known, and a model of it chosen. */
  readonly herdShown: number;
  /** The slowest first contentful paint. */
  readonly slowest: number;
  /** The scripts that the first view loaded, as paths. */
  readonly scripts: readonly string[];
}

const MOST_MS = 1000;

/** Opens the console some times, each in a context of its own, whose cache is empty. */
export async function runPaintStage(
  browser: Browser,
  { url, openings }: { url: string; openings: number },
): Promise<PaintFigures> {
  const opened: Awaited<ReturnType<typeof open>>[] = [];
  for (let opening = 0; opening < openings; opening += 1) opened.push(await open(browser, url));
  const contentful = opened.map(({ firstContentfulPaint }) => firstContentfulPaint);
  return {
    opened: openings,
    firstPaint: median(opened.map(({ firstPaint }) => firstPaint)),
    firstContentfulPaint: median(contentful),
    herdShown: median(opened.map(({ herdShown }) => herdShown)),
    slowest: Math.max(...contentful),
    scripts: opened[0]?.scripts ?? [],
  };
}

/** The figures as a table. */
export function describePaints(figures: PaintFigures): string {
  const head = [`console, ${figures.opened} times on a cold cache`, 'ms'];
  const rows = [
    ['first paint, median', figures.firstPaint],
    ['first contentful paint, median', figures.firstContentfulPaint],
    ['first contentful paint, slowest', figures.slowest],
    ['a model chosen, median', figures.herdShown],
  ] as const;
  return toTable(
    head,
    rows.map(([name, ms]) => [name, ms.toFixed(0)]),
  );
}

/** What the figures should be. */
export function toPaintGoals({ firstContentfulPaint }: PaintFigures): Goal[] {
  const title = 'console: first contentful paint, ms';
  return [toGoal(title, { figure: firstContentfulPaint, atMost: MOST_MS })];
}

async function open(browser: Browser, url: string) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  // The picker names the host of the model that is to be asked.
  await page
    .locator('model-picker')
    .getByRole('button', { name: /host-\d/u })
    .first()
    .waitFor();
  const herdShown = await page.evaluate(() => performance.now());
  const paints = await page.evaluate(() =>
    performance.getEntriesByType('paint').map(({ name, startTime }) => [name, startTime] as const),
  );
  const scripts = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name).pathname)
      .filter((path) => path.endsWith('.js')),
  );
  await context.close();
  const find = (name: string) => paints.find((paint) => paint[0] === name)?.[1] ?? Number.NaN;
  return {
    firstPaint: find('first-paint'),
    firstContentfulPaint: find('first-contentful-paint'),
    herdShown,
    scripts,
  };
}
