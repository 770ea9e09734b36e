import type { Fault } from '../registry/fault.ts';
import { deepseek } from '../registry/kinds/deepseek.ts';
import type { ProviderKind } from '../registry/provider-kind.ts';
import type { Provider } from '../registry/provider.ts';
import { parseProviderEntries } from '../registry/provider-entries.ts';
import type { Registry } from '../registry/registry.ts';
import { quote } from '../registry/value-schemas.ts';
import { pickText, type Environment } from './environment.ts';
import { parseAliases } from './parse-aliases.ts';
import type { Values } from './read-values.ts';

const CLOUD_TAKEN = 'expected another name: DEEPSEEK_API_KEY adds a provider named "deepseek"';

/** Creates the registry from the values of the settings, and adds to the faults. */
export function parseRegistry(
  values: Values,
  { kinds, faults }: { kinds: readonly ProviderKind[]; faults: Fault[] },
): Registry {
  const cloud =
    values.DEEPSEEK_API_KEY === null ? [] : [toDeepseek(values, values.DEEPSEEK_API_KEY)];
  const entries = parseProviderEntries(values.PROVIDERS, {
    kinds,
    defaultTimeoutMs: values.PROBE_TIMEOUT_MS,
    reserved: new Map(cloud.map(({ name }) => [name, CLOUD_TAKEN])),
  });
  faults.push(...entries.faults);
  const providers = new Map<string, Provider>(
    [...entries.providers, ...cloud].map((provider) => [provider.name, Object.freeze(provider)]),
  );
  const names = new Set([...entries.names, ...providers.keys()]);
  // A faulty key must not cause further faults in the settings that name its provider.
  if (faults.some(({ variable }) => variable.startsWith('DEEPSEEK_'))) names.add('deepseek');
  // If PROVIDERS cannot be parsed at all, settings that name a provider must not cause further faults.
  const isUnread = faults.some(
    ({ variable, entry }) => /^PROVIDERS(?:_FILE)?$/u.test(variable) && entry === undefined,
  );
  const { aliases, faults: aliasFaults } = parseAliases(
    values.MODEL_ALIASES,
    isUnread ? null : names,
  );
  faults.push(...aliasFaults);
  const defaultProvider = isUnread ? '' : pickDefaultProvider({ values, providers, names, faults });
  return Object.freeze({ providers, aliases, defaultProvider });
}

/** Whether the environment configures a provider, valid or not. `[]` configures none. */
export function hasProviders(environment: Environment): boolean {
  const entries = (pickText(environment, 'PROVIDERS') ?? '').replace(/^\s*\[\s*\]\s*$/u, '');
  return entries !== '' || pickText(environment, 'DEEPSEEK_API_KEY') !== null;
}

function toDeepseek(values: Values, token: string): Provider {
  return {
    name: 'deepseek',
    label: 'DeepSeek',
    kind: deepseek,
    baseUrl: values.DEEPSEEK_BASE_URL,
    sidecarUrl: null,
    token,
    timeoutMs: values.PROBE_TIMEOUT_MS,
    contextWindow: null,
  };
}

function pickDefaultProvider(options: {
  values: Values;
  providers: ReadonlyMap<string, Provider>;
  names: ReadonlySet<string>;
  faults: Fault[];
}): string | null {
  const { values, providers, names, faults } = options;
  const wanted = values.DEFAULT_PROVIDER;
  const local = [...providers.values()].filter(({ kind }) => kind.httpPort !== null);
  const first = local[0]?.name ?? null;
  if (wanted === null) return first;
  const provider = providers.get(wanted);
  // A faulty entry with that name has already caused a fault.
  if (provider === undefined ? names.has(wanted) : local.includes(provider)) return wanted;
  const expected =
    first === null
      ? 'a local provider of PROVIDERS'
      : `one of ${local.map(({ name }) => name).join(', ')}`;
  const message = `expected ${expected} but received ${quote(wanted)}`;
  faults.push({ variable: 'DEFAULT_PROVIDER', message });
  // Do not use an unknown name: every bare ID would then cause a fault that shows the name again.
  return first;
}
