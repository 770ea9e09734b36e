import type { Catalog, Model, Provider } from '../fleet/catalog.ts';

/** A model that the catalog lists, and the label of its provider. */
export interface ListedChoice {
  readonly kind: 'listed';
  readonly model: Model;
  readonly host: string;
}

/** The meaning of a picker's value. */
export type Choice =
  | { readonly kind: 'none' }
  | ListedChoice
  /** The catalog has not been read yet. */
  | { readonly kind: 'unknown'; readonly name: string }
  /** The model is not available now; `reason` tells why. */
  | {
      readonly kind: 'unavailable';
      readonly name: string;
      readonly host: string | null;
      readonly reason: string;
    };

/**
 * Resolves a value by the gateway's rules as far as the catalog shows them: the provider before the first slash, else
 * the default provider's model, else an alias. A model matches by its own name or any of its aliases. `before` is the
 * last resolution of the same value: it supplies the name of a model that is no longer listed.
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
  // A bare ID that the online default provider does not list may be an alias of a model on another provider that is
  // not listed now, so do not name a provider.
  const mayBeAlias = before === null && name === text && provider?.status === 'online';
  const host = mayBeAlias ? null : home;
  return {
    kind: 'unavailable',
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
  if (provider === null) return 'No host lists this model.';
  if (provider.status === 'online') return `${provider.label} does not list this model.`;
  return provider.error?.message ?? `${provider.label} is ${provider.status}.`;
}
