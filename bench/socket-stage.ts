import { compare, type Pace } from './compare.ts';
import { toGoal, type Goal } from './goal.ts';
import type { Load, Target } from './load.ts';
import { HANGING, PROVIDERS, type Servers } from './servers.ts';

/** The loads of one kind of request. */
export interface Comparison {
  readonly title: string;
  readonly paddock: Load;
  readonly bare: Load;
  readonly hanging: Load;
}

const NOTHING_HELD = {};

/** Puts load on all servers, one kind of request after the other. */
export async function runSocketStage(servers: Servers, pace: Pace): Promise<Comparison[]> {
  const { paddock, bare, hanging, etags, sizes } = servers;
  const comparisons: Comparison[] = [];
  for (const path of ['/api/models', '/v1/models']) {
    const title = `GET ${path}, 200, ${Math.round((sizes[path] ?? 0) / 1024)} KiB`;
    const full = (name: string, server: { url: string; pid: number }): Target => ({
      name,
      url: server.url + path,
      headers: NOTHING_HELD,
      status: 200,
      pid: server.pid,
    });
    const targets = [full('Paddock', paddock), full('bare', bare), full('hanging', hanging)];
    comparisons.push(await toComparison({ title, targets, pace }));
  }
  const held = (target: { name: string; url: string; pid: number; etag: string }): Target => ({
    ...target,
    headers: { 'if-none-match': target.etag },
    status: 304,
  });
  const targets = [
    held({ name: 'Paddock', ...paddock, url: `${paddock.url}/api/models`, etag: etags.paddock }),
    held({ name: 'bare', ...bare, url: `${bare.url}/unchanged`, etag: etags.paddock }),
    held({ name: 'hanging', ...hanging, url: `${hanging.url}/api/models`, etag: etags.hanging }),
  ];
  comparisons.push(await toComparison({ title: 'GET /api/models, 304', targets, pace }));
  return comparisons;
}

/** What the figures should be. */
export function toSocketGoals(comparisons: readonly Comparison[]): Goal[] {
  const herd = `${HANGING} of ${PROVIDERS} hanging`;
  return comparisons.flatMap(({ title, paddock, bare, hanging }) => [
    toGoal(`${title}: requests/s, Paddock / bare`, {
      figure: paddock.perSecond / bare.perSecond,
      atLeast: 0.8,
    }),
    toGoal(`${title}: requests/s, ${herd} / none`, {
      figure: hanging.perSecond / paddock.perSecond,
      atLeast: 0.9,
    }),
    toGoal(`${title}: p99, ${herd} / none`, { figure: hanging.p99 / paddock.p99, atMost: 1.2 }),
  ]);
}

async function toComparison(options: {
  title: string;
  targets: readonly Target[];
  pace: Pace;
}): Promise<Comparison> {
  const { title, targets, pace } = options;
  const [paddock, bare, hanging] = await compare(targets, pace);
  if (paddock === undefined || bare === undefined || hanging === undefined) {
    throw new Error(`${title}: expected three loads`);
  }
  return { title, paddock, bare, hanging };
}
