import type { Catalog, Model } from '../../fleet/catalog.ts';

/** Replacements for a model in a setting that is no longer listed: composite IDs, best first. */
export interface Alternatives {
  /** Models with the same name on other providers. */
  readonly elsewhere: readonly string[];
  /** Models with similar names on the same provider. */
  readonly similar: readonly string[];
}

const MOST = 3;
/** The least similarity of a name, from 0 to 1. */
const LEAST_LIKENESS = 0.45;

/** Finds the models with the same name on other providers, and similar ones on the same provider. */
export function findAlternatives(id: string, { providers }: Catalog): Alternatives {
  const slash = id.indexOf('/');
  const [host, name] = [id.slice(0, slash), id.slice(slash + 1)];
  const elsewhere = providers
    .filter((provider) => provider.name !== host)
    .flatMap(({ models }) => models.filter((model) => isCalled(model, name)));
  const own = providers.find((provider) => provider.name === host)?.models ?? [];
  const similar = own
    .map((model) => ({ id: model.id, likeness: compareNames(name, model.model) }))
    .filter(({ likeness }) => likeness >= LEAST_LIKENESS)
    .toSorted((a, b) => b.likeness - a.likeness);
  return {
    elsewhere: elsewhere.map((model) => model.id),
    similar: similar.slice(0, MOST).map((one) => one.id),
  };
}

function isCalled({ model, aliases }: Model, name: string): boolean {
  return model === name || aliases.includes(name);
}

/** Returns the similarity of two names, from 0 to 1: Dice's coefficient over pairs of letters and digits. */
function compareNames(one: string, other: string): number {
  const [a, b] = [toPairs(one), toPairs(other)];
  if (a.length + b.length === 0) return 0;
  const left = [...b];
  const shared = a.filter((pair) => {
    const at = left.indexOf(pair);
    if (at !== -1) left.splice(at, 1);
    return at !== -1;
  });
  return (2 * shared.length) / (a.length + b.length);
}

function toPairs(name: string): string[] {
  const text = name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  return Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2));
}
