import type { Resolution } from '../../client/client.ts';
import type { Role } from '../../resolve/roles.ts';
import { connect } from '../connect.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { AskOptions, CommandContext } from '../program.ts';
import { toPlain, toTable } from '../table.ts';
import type { Colors } from '../terminal.ts';

const AVAILABLE = { true: 'yes', false: 'no', null: 'not known' } as const;

/** Says which host and model an ID or a role means, and how it is. */
export async function resolve(
  { terminal }: CommandContext,
  { id, role, url, json }: AskOptions & { id?: string; role?: Role },
): Promise<void> {
  if ((id === undefined) === (role === undefined)) {
    throw new CommandError('Expected an ID or --role, and not both.', EXIT.usage);
  }
  const { paddock, asked, isWarm } = await connect(url === undefined ? {} : { url });
  const what = role === undefined ? (id ?? '') : { role };
  // A fault of the ID is told before anybody is asked.
  let resolution = await paddock.resolve(what);
  if (!isWarm) {
    await terminal.during(`Asking ${asked}`, paddock.models());
    resolution = await paddock.resolve(what);
  }
  terminal.print(json ? JSON.stringify(resolution) : renderResolution(resolution, terminal.colors));
}

/** What an ID means, a line for each thing that is known. */
export function renderResolution(resolution: Resolution, colors: Colors): string {
  const { provider, kind, model, via, available, contextWindow, contextSource, upstream } =
    resolution;
  const context =
    contextWindow === null
      ? 'not known'
      : `${contextWindow.toLocaleString('en')} tokens (${contextSource})`;
  const rows = [
    ['provider', `${provider} (${kind})`],
    ['model', toPlain(model)],
    ['by', via === 'composite' ? 'composite ID' : via === 'bare' ? 'bare ID' : 'alias'],
    ['available', AVAILABLE[`${available}`]],
    ['context', context],
    ['inference', upstream.inference],
    ['management', upstream.management],
    ...(resolution.drift ? [['drift', `${provider} lists it no more: correct the setting`]] : []),
  ];
  const table = toTable(
    [],
    rows.map(([name = '', value = '']) => [colors.dim(name), value]),
  );
  return `${colors.bold(toPlain(resolution.id))}\n${table}`;
}
