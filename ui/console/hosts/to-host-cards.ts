import type { Diagnosis, ProviderReport } from '../../fleet/answers.ts';
import type { Catalog, Provider } from '../../fleet/catalog.ts';
import { readRunning, type RunningModel } from '../../fleet/running.ts';
import type { HostMonitor } from './host-monitor.ts';
import type { LoadedModel, HostCardData } from './host-card.ts';
import { toLoadedLabel, type LoadedTimes } from './loaded-times.ts';

/** The data about the providers from all requests. */
interface FleetData {
  readonly catalog: Catalog;
  readonly diagnosis: Diagnosis | null;
  readonly running: ReadonlyMap<string, { readonly data: unknown; readonly fault: string | null }>;
  readonly monitor: Pick<HostMonitor, 'reports' | 'history' | 'loadedTimes'> | null;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** Returns the data of every provider's card. */
export function toHostCards({
  catalog,
  diagnosis,
  running,
  monitor,
  now,
}: FleetData): HostCardData[] {
  return catalog.providers.map((group) => {
    const { name } = group;
    const report = monitor?.reports.find((one) => one.name === name);
    const provider = withReport(group, report);
    const response = provider.status === 'online' ? running.get(name) : undefined;
    const times = monitor?.loadedTimes.models ?? new Map();
    return {
      provider,
      samples: monitor?.history.get(name) ?? [],
      loaded: readRunning(response?.data).map((one) => toLoaded(one, { name, times, now })),
      loadedFault: response?.fault ?? null,
      release: diagnosis?.hosts.find((host) => host.name === name)?.release ?? null,
    };
  });
}

/** Returns the provider with the status of a report, if the report is not older. */
function withReport(group: Provider, report: ProviderReport | undefined): Provider {
  if (report === undefined || (report.checkedAt ?? '') < (group.checkedAt ?? '')) return group;
  const { status, error, checkedAt, lastSeenAt, latencyMs } = report;
  return { ...group, status, error, checkedAt, lastSeenAt, latencyMs };
}

function toLoaded(
  { model, state }: RunningModel,
  { name, times, now }: { name: string; times: LoadedTimes['models']; now: number },
): LoadedModel {
  const time = times.get(`${name}/${model}`);
  return { model, label: toLoadedLabel(state ?? 'loaded', { time, now }) };
}
