import type { Catalog, Model, Provider } from '../fleet/catalog.ts';
import { toLastSeenLabel } from '../fleet/labels.ts';

/** A model that can be chosen. A favorite has two rows: one among the favorites, one in its provider's group. */
export interface OptionRow {
  readonly kind: 'option';
  /** The section's key and the model's ID: stable while both exist. */
  readonly key: string;
  readonly model: Model;
  /** The label of its provider. */
  readonly host: string;
  /**
   * The text next to the name if the name is ambiguous, else null: the provider's label, the model's own name, or
   * both.
   */
  readonly distinction: string | null;
  /** Its index among all options, from 0. */
  readonly index: number;
}

/** A row of text that cannot be chosen. */
export interface NoticeRow {
  readonly kind: 'notice';
  readonly key: string;
  /** The subject of the text, if the section has no header that names it. */
  readonly label: string | null;
  readonly text: string;
}

export type Row = OptionRow | NoticeRow;

/** Rows under one header. */
export interface Section {
  readonly key: string;
  /** Null if the section consists of a single notice. */
  readonly header: { readonly label: string; readonly status: Provider['status'] | null } | null;
  readonly rows: readonly Row[];
}

/** Everything that the open list shows, in display order. */
export interface Sections {
  readonly list: readonly Section[];
  /** The rows that can be chosen, in order. */
  readonly options: readonly OptionRow[];
}

/** The key of the favorites' section. A provider's name is never empty, so it cannot collide. */
const FAVORITES = '';

/** Whether a row is among the favorites: its model has another row in its provider's group. */
export function isInFavorites({ key }: OptionRow): boolean {
  return key.startsWith(`${FAVORITES} `);
}

/**
 * Converts a catalog to the list: favorites, then every provider in catalog order. `now` is in milliseconds since
 * 1970.
 */
export function toSections(catalog: Catalog, now: number): Sections {
  const labels = new Map(catalog.providers.map(({ name, label }) => [name, label]));
  const checkName = createNameCheck(catalog);
  const options: OptionRow[] = [];
  const toOption = (section: string, model: Model): OptionRow => {
    const host = labels.get(model.provider) ?? model.provider;
    const { isDuplicate, isOnOtherHost } = checkName(model);
    const isHostShown = section === FAVORITES || isOnOtherHost || model.alsoOn.length > 0;
    const distinctions = [isDuplicate ? model.model : '', isHostShown ? host : ''].filter(Boolean);
    const row: OptionRow = {
      kind: 'option',
      key: `${section} ${model.id}`,
      model,
      host,
      distinction: distinctions.length === 0 ? null : distinctions.join(' · '),
      index: options.length,
    };
    options.push(row);
    return row;
  };
  const favorites = catalog.favorites.map((model) => toOption(FAVORITES, model));
  const notices = toFavoritesNotices(catalog);
  const header = { label: 'Favorites', status: null };
  const list: Section[] = [];
  if (favorites.length + notices.length > 0) {
    list.push({ key: FAVORITES, header, rows: [...favorites, ...notices] });
  }
  for (const provider of catalog.providers) {
    const rows = provider.models.map((model) => toOption(provider.name, model));
    list.push(toGroup(provider, { rows, now }));
  }
  const notice = toFleetNotice(catalog);
  if (notice !== null) list.push({ key: notice.key, header: null, rows: [notice] });
  return { list, options };
}

function toGroup(
  provider: Provider,
  { rows, now }: { rows: readonly OptionRow[]; now: number },
): Section {
  const { name, label, status, error } = provider;
  if (status !== 'online') {
    const seen = toLastSeenLabel(provider, now);
    const text = [STATUS_LABELS[status], seen, error?.message].filter(Boolean).join(' · ');
    return { key: name, header: null, rows: [{ ...toNotice(name, text), label }] };
  }
  const none = toNotice(name, 'It has no models.');
  const notes = error === null ? [] : [toNotice(`note ${name}`, error.message)];
  const shown = rows.length > 0 ? rows : [none];
  return { key: name, header: { label, status }, rows: [...notes, ...shown] };
}

const STATUS_LABELS = {
  offline: 'offline',
  unauthorized: 'key rejected',
  invalid: 'invalid response',
} as const;

function toFavoritesNotices({ hiddenFavorites, favoritesError, providers }: Catalog): NoticeRow[] {
  const notices: NoticeRow[] = [];
  if (hiddenFavorites > 0) {
    const isOne = hiddenFavorites === 1;
    const subject = isOne ? '1 favorite is hidden' : `${hiddenFavorites} favorites are hidden`;
    const isAnyOffline = providers.some(({ status }) => status !== 'online');
    const offline = isOne ? 'its host is offline' : 'their hosts are offline';
    const reason = isAnyOffline ? offline : `no host lists ${isOne ? 'it' : 'them'}`;
    notices.push(toNotice('hidden favorites', `${subject}: ${reason}.`));
  }
  if (favoritesError !== undefined) {
    notices.push(toNotice('favorites error', favoritesError.message));
  }
  return notices;
}

function toFleetNotice({ providers, demo }: Catalog): NoticeRow | null {
  if (providers.length === 0) {
    return toNotice('no hosts', 'No hosts are configured. Set PROVIDERS on the gateway.');
  }
  return demo === true
    ? toNotice('demo fleet', 'This is the demo fleet: its hosts and their answers are simulated.')
    : null;
}

function toNotice(key: string, text: string): NoticeRow {
  return { kind: 'notice', key: `notice ${key}`, label: null, text };
}

/** Returns a function that checks whether other models share a model's name, on its own provider and on others. */
function createNameCheck({ providers }: Catalog) {
  const onAllHosts = new Map<string, number>();
  const onOneHost = new Map<string, number>();
  const toKey = ({ provider, name }: Model) => `${provider} ${name}`;
  const add = (counts: Map<string, number>, key: string) =>
    counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const model of providers.flatMap(({ models }) => models)) {
    add(onAllHosts, model.name);
    add(onOneHost, toKey(model));
  }
  return (model: Model) => {
    const own = onOneHost.get(toKey(model)) ?? 1;
    return { isDuplicate: own > 1, isOnOtherHost: (onAllHosts.get(model.name) ?? 1) > own };
  };
}
