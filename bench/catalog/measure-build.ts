import { mergeCatalog, type CatalogParts } from '../../src/catalog/merge-catalog.ts';
import { renderCatalog } from '../../src/catalog/render-catalog.ts';
import type { Slices } from '../../src/catalog/slices.ts';
import { finish } from '../../src/steps.ts';
import { createDocument } from '../../src/http/documents.ts';
import { median } from '../shared/quantile.ts';
import { createCatalogParts, MODELS_EACH } from './catalog-parts.ts';

/** What it takes to build a catalog of some size. */
export interface BuildFigures {
  readonly providers: number;
  readonly models: number;
  /** Milliseconds to merge; to merge and render; to merge, render, encode and hash. */
  readonly mergeMs: number;
  readonly buildMs: number;
  readonly documentMs: number;
  /** Bytes of heap that the catalog and its text hold, beyond what the snapshot holds. */
  readonly heapBytes: number;
}

/** Does all work without pausing. */
const AT_ONCE: Slices = {
  begin: (steps) => ({ steps, result: { value: finish(steps) } }),
  finish: async ({ steps, result }) => (result === null ? finish(steps) : result.value),
  run: async (steps) => finish(steps),
  pause: async () => {},
};

const WARM_UP_RUNS = 5;
const HEAP_RUNS = 5;

/** Measures one size. Each figure is the median of some runs. */
export async function measureBuild(providers: number, runs: number): Promise<BuildFigures> {
  const parts = createCatalogParts(providers);
  const merge = () => finish(mergeCatalog(parts));
  const build = () => finish(renderCatalog(merge()));
  const document = () => createDocument({ render: renderCatalog, slices: AT_ONCE })(merge());
  return {
    providers,
    models: providers * MODELS_EACH,
    mergeMs: await time(merge, runs),
    buildMs: await time(build, runs),
    documentMs: await time(document, runs),
    heapBytes: median(Array.from({ length: HEAP_RUNS }, () => measureHeap(parts))),
  };
}

async function time(work: () => unknown, runs: number): Promise<number> {
  const times: number[] = [];
  for (let run = -WARM_UP_RUNS; run < runs; run += 1) {
    // The garbage of earlier runs is not part of this one.
    collectGarbage();
    const startedAt = performance.now();
    await work();
    if (run >= 0) times.push(performance.now() - startedAt);
  }
  return median(times);
}

function measureHeap(parts: CatalogParts): number {
  const before = readHeap();
  const catalog = finish(mergeCatalog(parts));
  const held = { catalog, rendering: finish(renderCatalog(catalog)) };
  const grown = readHeap() - before;
  // A use after the reading, so that nothing is collected before it.
  if (held.rendering.body.length === 0) throw new Error('The rendering is empty');
  return grown;
}

function readHeap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('Run this with --expose-gc');
  globalThis.gc();
}
