/** Hosts that are never disturbed, in a process of their own. */
export const STEADY_HOSTS = ['steady-1', 'steady-2'] as const;

/** Hosts whose process is killed and stopped. */
export const SHAKY_HOSTS = ['shaky-1', 'shaky-2'] as const;

/** All hosts, in the order of the settings. */
export const HOSTS = [...STEADY_HOSTS, ...SHAKY_HOSTS];

/**
 * The models, the same on each host, so that only an answer's own words tell whose it is; and what each is called in
 * `x-paddock-model`.
 */
export const MODELS: Readonly<Record<string, string>> = {
  'qwen3-8b': 'qwen3-8b',
  'org/gpt-oss-20b': 'org/gpt-oss-20b',
  'größe:7b': 'gr%C3%B6%C3%9Fe:7b',
};

/** What begins every key of a host. It must not stand in anything that Paddock prints. */
export const KEY_PREFIX = 'sk-soak-';

/** The key that a host asks for. */
export function toKey(host: string): string {
  return KEY_PREFIX + host;
}

/** The setting for hosts at some ports of this machine. */
export function toProviders(ports: readonly number[]): string {
  return HOSTS.map(
    (host, index) => `${host}=llama-swap://${toKey(host)}@127.0.0.1:${ports[index]}`,
  ).join(' ');
}
