import type { Provider } from '../../herd/catalog.ts';

/** How a host is, in a word, and the mark that stands before it: their shapes differ as their colours do. */
interface HostStatus {
  readonly word: string;
  readonly mark: 'disc' | 'ring' | 'triangle' | 'diamond';
  readonly tone: 'good' | 'quiet' | 'bad';
}

const STATUSES: Readonly<Record<Provider['status'], HostStatus>> = {
  online: { word: 'Online', mark: 'disc', tone: 'good' },
  offline: { word: 'Away', mark: 'ring', tone: 'quiet' },
  unauthorized: { word: 'Refuses the key', mark: 'triangle', tone: 'bad' },
  invalid: { word: 'Answers wrongly', mark: 'diamond', tone: 'bad' },
};

/** Says how a host is. */
export function toHostStatus(status: Provider['status']): HostStatus {
  return STATUSES[status];
}

/** The herd in a line: `2 hosts online, 1 not · 20 models · 2 loaded`. */
export function toHerdSummary(providers: readonly Provider[]): string {
  const online = providers.filter(({ status }) => status === 'online').length;
  const others = providers.length - online;
  const models = providers.flatMap((provider) => provider.models);
  // What stands for another model does not count beside it.
  const loaded = models.filter(({ kind, state }) => kind === 'model' && state === 'ready').length;
  const hosts = `${count(online, 'host')} online${others === 0 ? '' : `, ${others} not`}`;
  return `${hosts} · ${count(models.length, 'model')} · ${loaded} loaded`;
}

/** A number of things: `1 model`, `2 models`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
