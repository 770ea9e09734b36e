import type { Page } from 'playwright-core';
import { toFixed } from '../gateway/figures.ts';
import { toGoal, type Goal } from '../goal.ts';
import { median, quantile } from '../median.ts';
import { toTable } from '../table.ts';
import { recordFrames, type Frames } from './paint-clock.ts';

/** How smoothly a page ran for a while. */
interface Smoothness {
  readonly seconds: number;
  readonly framesPerSecond: number;
  /** Between two frames, in milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly slowest: number;
  readonly longTasks: number;
  /** The longest task of the main thread, in milliseconds; 0 where none took 50. */
  readonly longestTask: number;
}

/** The chat's smoothness while nothing happens, and while an answer is written. */
export interface StreamFigures {
  readonly tokens: number;
  readonly idle: Smoothness;
  readonly writing: Smoothness;
}

const IDLE_MS = 2000;

/** 60 less what a count over a few seconds may be off. */
const LEAST_FRAMES = 59;

/** Lets a model answer in an open chat whose model is chosen, and watches the page's frames meanwhile. */
export async function runStreamStage(
  page: Page,
  { tokens, tokensPerSecond }: { tokens: number; tokensPerSecond: number },
): Promise<StreamFigures> {
  const stopIdle = await recordFrames(page);
  await page.waitForTimeout(IDLE_MS);
  const idle = toSmoothness(await stopIdle());
  await page
    .getByRole('textbox', { name: 'Message', exact: true })
    .fill('What happens to an answer?');
  await page.keyboard.press('Enter');
  await page.getByText('What happens to an answer on its way').waitFor();
  const stop = await recordFrames(page);
  const timeout = (tokens / tokensPerSecond) * 1000 + 30_000;
  await page
    .getByRole('button', { name: 'Stop', exact: true })
    .waitFor({ state: 'hidden', timeout });
  return { tokens, idle, writing: toSmoothness(await stop()) };
}

/** The figures as a table. */
export function describeStream({ tokens, idle, writing }: StreamFigures): string {
  const head = [
    'chat',
    's',
    'frames/s',
    'p50 ms',
    'p95 ms',
    'slowest ms',
    'long tasks',
    'longest ms',
  ];
  const toRow = (name: string, each: Smoothness) => [
    name,
    toFixed(each.seconds, 1),
    toFixed(each.framesPerSecond, 1),
    toFixed(each.p50, 1),
    toFixed(each.p95, 1),
    toFixed(each.slowest, 1),
    String(each.longTasks),
    toFixed(each.longestTask, 0),
  ];
  return toTable(head, [
    toRow('nothing happens', idle),
    toRow(`${tokens} tokens are written`, writing),
  ]);
}

/** What the figures should be. */
export function toStreamGoals({ writing }: StreamFigures): Goal[] {
  const title = 'chat, an answer is written: frames/s';
  return [toGoal(title, { figure: writing.framesPerSecond, atLeast: LEAST_FRAMES })];
}

function toSmoothness({ between, longTasks }: Frames): Smoothness {
  const seconds = between.reduce((sum, ms) => sum + ms, 0) / 1000;
  return {
    seconds,
    framesPerSecond: between.length / seconds,
    p50: median(between),
    p95: quantile(between, 0.95),
    slowest: Math.max(...between),
    longTasks: longTasks.length,
    longestTask: Math.max(0, ...longTasks),
  };
}
