import type { Catalog, Model, Provider } from '../herd/catalog.ts';

/** A model that the catalog lists, and the label of its host. */
export interface ListedChoice {
  readonly kind: 'listed';
  readonly model: Model;
  readonly host: string;
}

/** What a picker's value means. */
export type Choice =
  | { readonly kind: 'none' }
  | ListedChoice
  /** Nobody has said yet what is listed. */
  | { readonly kind: 'unknown'; readonly name: string }
  /** It cannot be used now, and `reason` says why. */
  | {
      readonly kind: 'away';
      readonly name: string;
      readonly host: string | null;
      readonly reason: string;
    };

/**
 * Finds what a value means, by the gateway's rules as far as a catalog shows them: a provider's name before the first slash,
 * else the default provider's model, or else an alias. Both a model's own name and its aliases are names of it.
 * `before` is what the same value last meant: it lends its name to a model that has gone.
 */
export function resolveChosen(
  value: string,
  { catalog, before }: { catalog: Catalog | null; before: ListedChoice | null },
): Choice {
  const text = value.trim();
  if (text === '') return { kind: 'none' };
  if (catalog === null) return { kind: 'unknown', name: before?.model.name ?? text };
  const { provider, name } = splitValue(text, catalog);
  const found = findNamed(provider, name) ?? findAlias(catalog, text);
  if (found !== null) return { kind: 'listed', ...found };
  const home = before === null ? provider : findProvider(catalog, before.model.provider);
  // A bare ID that the default provider does not list may be an alias of a model elsewhere, which only its host could say.
  const isAnybodys = before === null && name === text && provider?.status === 'online';
  const host = isAnybodys ? null : home;
  return {
    kind: 'away',
    name: before?.model.name ?? name,
    host: host?.label ?? before?.host ?? null,
    reason: toReason(host),
  };
}

function splitValue(text: string, catalog: Catalog): { provider: Provider | null; name: string } {
  const slash = text.indexOf('/');
  const named = slash > 0 ? findProvider(catalog, text.slice(0, slash)) : null;
  if (named !== null) return { provider: named, name: text.slice(slash + 1) };
  return { provider: catalog.providers.find((provider) => provider.default) ?? null, name: text };
}

function findProvider({ providers }: Catalog, name: string): Provider | null {
  return providers.find((provider) => provider.name === name) ?? null;
}

function findNamed(provider: Provider | null, name: string) {
  if (provider === null) return null;
  const { models, label } = provider;
  const model =
    models.find((one) => one.model === name) ??
    models.find(({ aliases }) => aliases.includes(name));
  return model === undefined ? null : { model, host: label };
}

function findAlias({ providers }: Catalog, alias: string) {
  for (const { models, label } of providers) {
    const model = models.find(({ aliases }) => aliases.includes(alias));
    if (model !== undefined) return { model, host: label };
  }
  return null;
}

function toReason(provider: Provider | null): string {
  if (provider === null) return 'No host lists it now.';
  if (provider.status === 'online') return `${provider.label} does not list it.`;
  return provider.error?.message ?? `${provider.label} is ${provider.status}.`;
}
