import type { Provider } from '../../fleet/catalog.ts';

/** The label of a provider's status, and the mark before it. The marks differ in shape as well as in colour. */
interface HostStatus {
  readonly word: string;
  readonly mark: 'disc' | 'ring' | 'triangle' | 'diamond';
  readonly tone: 'good' | 'quiet' | 'bad';
}

const STATUSES: Readonly<Record<Provider['status'], HostStatus>> = {
  online: { word: 'Online', mark: 'disc', tone: 'good' },
  offline: { word: 'Offline', mark: 'ring', tone: 'quiet' },
  unauthorized: { word: 'Key rejected', mark: 'triangle', tone: 'bad' },
  invalid: { word: 'Invalid response', mark: 'diamond', tone: 'bad' },
};

/** Returns the label and the mark of a status. */
export function toHostStatus(status: Provider['status']): HostStatus {
  return STATUSES[status];
}

/** Returns a summary of all providers: `2 of 3 hosts online · 20 models · 2 loaded`. */
export function toHostsSummary(providers: readonly Provider[]): string {
  const online = providers.filter(({ status }) => status === 'online').length;
  const hosts = count(providers.length, 'host');
  const ratio = online === providers.length ? hosts : `${online} of ${hosts}`;
  const models = providers.flatMap((provider) => provider.models);
  // Do not count an entry that stands for another model.
  const loaded = models.filter(({ kind, state }) => kind === 'model' && state === 'ready').length;
  return `${ratio} online · ${count(models.length, 'model')} · ${loaded} loaded`;
}

/** Formats a count: `1 model`, `2 models`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
