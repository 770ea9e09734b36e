import type { Page } from 'playwright-core';

/** An input of the page's reader, and how long it took until the page showed what came of it, in milliseconds. */
interface Painted {
  readonly type: string;
  readonly ms: number;
}

declare global {
  interface Window {
    paddockPainted?: Painted[];
    paddockFrames?: number[];
    paddockLongTasks?: number[];
  }
}

/** Inputs are timed in this page, and all that are opened there after, from the moment that the browser received them. */
export async function timeInputs(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const painted: Painted[] = [];
    window.paddockPainted = painted;
    const time = ({ type, timeStamp }: Event) => {
      // The first frame holds what came of the input; once the second begins, the first has been painted.
      const settle = () => void painted.push({ type, ms: performance.now() - timeStamp });
      requestAnimationFrame(() => requestAnimationFrame(settle));
    };
    for (const type of ['click', 'keydown']) addEventListener(type, time, { capture: true });
  });
}

/**
 * Does what makes an input, and answers how long the first of its type took to be painted, in milliseconds.
 * @throws where none is painted within the page's patience
 */
export async function timeInput(
  page: Page,
  { type, act }: { type: 'click' | 'keydown'; act: () => Promise<void> },
): Promise<number> {
  await page.evaluate(() => void window.paddockPainted?.splice(0));
  await act();
  const found = await page.waitForFunction(
    (wanted) => window.paddockPainted?.find((painted) => painted.type === wanted)?.ms,
    type,
  );
  return (await found.jsonValue()) ?? Number.NaN;
}

/** What the main thread did for a while; all in milliseconds. */
export interface Frames {
  /** From one frame to the next. */
  readonly between: readonly number[];
  /** Tasks of 50 ms and more. */
  readonly longTasks: readonly number[];
}

/** Records every frame of a page, and every long task, until the answer is called. */
export async function recordFrames(page: Page): Promise<() => Promise<Frames>> {
  await page.evaluate(() => {
    const frames: number[] = [];
    const longTasks: number[] = [];
    window.paddockFrames = frames;
    window.paddockLongTasks = longTasks;
    const observer = new PerformanceObserver((list) => {
      longTasks.push(...list.getEntries().map(({ duration }) => duration));
    });
    observer.observe({ type: 'longtask' });
    const onFrame = (at: number) => {
      if (window.paddockFrames !== frames) return observer.disconnect();
      frames.push(at);
      requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
  });
  return async () => {
    const [frames, longTasks] = await page.evaluate(() => {
      const recorded = [window.paddockFrames ?? [], window.paddockLongTasks ?? []] as const;
      delete window.paddockFrames;
      return recorded;
    });
    return { between: frames.slice(1).map((at, index) => at - (frames[index] ?? at)), longTasks };
  };
}
