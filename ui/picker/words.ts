import { toCapabilityLabel, toKindLabel, toStateLabel, toTokensLabel } from '../fleet/labels.ts';
import type { GatewayError } from '../fleet/gateway-error.ts';
import type { OptionRow, Sections } from './to-sections.ts';

/**
 * Returns the accessible name of an option: first the row's visible text in reading order, then its provider and its
 * icons.
 */
export function toOptionLabel({ model, host, distinction }: OptionRow): string {
  const { name, state, contextWindow, capabilities, favorite } = model;
  const parts = [
    name,
    distinction,
    toKindLabel(model),
    toStateLabel(state),
    contextWindow === null ? null : `${toTokensLabel(contextWindow)} context`,
    distinction?.endsWith(host) === true ? null : host,
    favorite ? 'favorite' : null,
    ...capabilities.map(toCapabilityLabel),
  ];
  return parts.filter(Boolean).join(', ');
}

/** What the keys of the open list do, for screen readers. */
const HOW =
  'Type to filter by name, ID or provider. Alt+F adds a model to the favorites or removes it. Alt+Up and Alt+Down move a favorite.';

/** Returns how many models a typed text has selected. */
export function toMatchesLabel({ options }: Sections): string {
  const count = new Set(options.map(({ model }) => model.id)).size;
  if (count === 0) return 'No model matches.';
  return count === 1 ? '1 model matches.' : `${count} models match.`;
}

/** Returns the accessible description of the list: its keys, and the text of every notice. */
export function toListDescription({ list, options }: Sections): string {
  const lines = list.flatMap(({ rows }) =>
    rows.flatMap((row) =>
      row.kind === 'notice' ? [[row.label, row.text].filter(Boolean).join(': ')] : [],
    ),
  );
  const how = options.length > 0 ? [HOW] : [];
  return [...how, ...lines].join(' ');
}

/** Returns the message that tells the user why the list is not up to date. */
export function toErrorLabel(
  { status, message }: GatewayError,
  { hasKey, hasList }: { hasKey: boolean; hasList: boolean },
): string {
  const keyError = hasKey ? 'The gateway does not accept this key.' : 'The gateway requires a key.';
  const words = status === 401 ? keyError : message;
  return hasList ? `${words} The list may be out of date.` : words;
}
