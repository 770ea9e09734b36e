import type { Resolution } from '../../client/client.ts';
import type { Role } from '../../resolve/roles.ts';
import { connect } from '../connect.ts';
import type { QueryOptions, CommandContext } from '../command-context.ts';
import { toTable } from '../table.ts';
import type { Colors } from '../terminal.ts';
import { toPlain, toPlainJson } from '../../to-plain.ts';

const AVAILABLE = { true: 'yes', false: 'no', null: 'unknown' } as const;
const RULES = { composite: 'composite ID', bare: 'bare ID', alias: 'alias' } as const;

/** Reports which provider and model an ID or a role means, and its state. */
export async function resolve(
  { terminal }: CommandContext,
  { id = '', role, ...options }: QueryOptions & { id?: string; role?: Role },
): Promise<void> {
  const { paddock, target } = await connect(options);
  const what = role === undefined ? id : { role };
  // Resolve first: a fault of the ID is reported before any provider is probed.
  let resolution = await paddock.resolve(what);
  // Its provider has not been probed yet.
  if (resolution.available === null) {
    await terminal.during(`Asking ${target}`, paddock.models());
    resolution = await paddock.resolve(what);
  }
  const { json } = options;
  terminal.print(json ? toPlainJson(resolution) : renderResolution(resolution, terminal.colors));
}

/** Renders the meaning of an ID, with one line for each known fact. */
export function renderResolution(resolution: Resolution, colors: Colors): string {
  const { id, provider, kind, model, via, available, upstream, drift, note } = resolution;
  const { contextWindow, contextSource } = resolution;
  const context =
    contextWindow === null
      ? 'unknown'
      : `${contextWindow.toLocaleString('en')} tokens (${contextSource})`;
  const rows: [name: string, value: string][] = [
    ['provider', `${provider} (${kind})`],
    ['model', model],
    ['by', RULES[via]],
    ['available', AVAILABLE[`${available}`]],
    ['context', context],
  ];
  if (upstream !== null) {
    rows.push(['inference', upstream.inference], ['management', upstream.management]);
  }
  if (drift) rows.push(['drift', `${provider} does not list it: correct the setting`]);
  if (note !== undefined) rows.push(['note', note]);
  const table = toTable(
    [],
    rows.map(([name, value]) => [colors.dim(name), toPlain(value)]),
  );
  return `${colors.bold(toPlain(id))}\n${table}`;
}
