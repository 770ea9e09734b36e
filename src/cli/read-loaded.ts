import type { Catalog, Paddock } from '../client/client.ts';
import { PaddockApiError } from '../client/paddock-api-error.ts';
import { toCommands } from './to-commands.ts';

/** A model that a provider has in memory, loads or unloads. */
interface LoadedModel {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly state: string;
  readonly contextWindow: number | null;
}

/** The loaded models of all providers. */
export interface LoadedReport {
  readonly running: readonly LoadedModel[];
  /** The providers whose loaded models are not known now, and why. */
  readonly unknown: readonly { readonly provider: string; readonly reason: string }[];
  /** The providers that never report which models they have loaded. */
  readonly unreported: readonly string[];
}

type Group = Catalog['providers'][number];
type Loaded = readonly LoadedModel[] | { readonly reason: string };

/** Asks every online provider which models it has loaded. A provider that is known to be offline is not asked again. */
export async function readLoaded(
  paddock: Pick<Paddock, 'models' | 'running'>,
): Promise<LoadedReport> {
  const { providers } = await paddock.models();
  const able = providers.filter(({ can }) => can.running);
  const answers = await Promise.all(
    able.map(async (group) => [group.name, await readGroup(group, paddock)] as const),
  );
  return {
    running: answers.flatMap(([, loaded]) => ('reason' in loaded ? [] : loaded)),
    unknown: answers.flatMap(([provider, loaded]) =>
      'reason' in loaded ? [{ provider, reason: loaded.reason }] : [],
    ),
    unreported: providers.filter(({ can }) => !can.running).map(({ name }) => name),
  };
}

async function readGroup(group: Group, paddock: Pick<Paddock, 'running'>): Promise<Loaded> {
  const { name, status, error } = group;
  if (status !== 'online') return { reason: error?.message ?? `${name} is ${status}.` };
  try {
    const { running } = await paddock.running(name);
    return running.flatMap((entry) => toLoaded(entry, group));
  } catch (failure) {
    if (!(failure instanceof PaddockApiError)) throw failure;
    return { reason: toCommands(failure.message) };
  }
}

/** Entries have the provider's own shape: one without a name is skipped. */
function toLoaded(
  entry: Readonly<Record<string, unknown>>,
  { name, models }: Group,
): LoadedModel[] {
  const { model, state } = entry;
  // llama-swap v94 to v106 also lists models that have stopped.
  if (typeof model !== 'string' || state === 'stopped') return [];
  const { contextWindow = null } = models.find((one) => one.model === model) ?? {};
  return [
    {
      id: `${name}/${model}`,
      provider: name,
      model,
      state: typeof state === 'string' ? state : 'unknown',
      contextWindow,
    },
  ];
}
