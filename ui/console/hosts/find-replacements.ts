import type { Catalog, Model } from '../../fleet/catalog.ts';

/** Replacements for a model in a setting that is no longer listed: composite IDs, best first. */
export interface Replacements {
  /** Models with the same name on other providers. */
  readonly sameName: readonly string[];
  /** Models with similar names on the same provider. */
  readonly similarName: readonly string[];
}

const MAX_SIMILAR = 3;
/** The least similarity of a name, from 0 to 1. */
const MIN_SIMILARITY = 0.45;

/** Finds the models with the same name on other providers, and similar ones on the same provider. */
export function findReplacements(id: string, { providers }: Catalog): Replacements {
  const slash = id.indexOf('/');
  const [home, name] = [id.slice(0, slash), id.slice(slash + 1)];
  const sameName = providers
    .filter((provider) => provider.name !== home)
    .flatMap(({ models }) => models.filter((model) => hasName(model, name)));
  const own = providers.find((provider) => provider.name === home)?.models ?? [];
  const similarName = own
    .map((model) => ({ id: model.id, similarity: compareNames(name, model.model) }))
    .filter(({ similarity }) => similarity >= MIN_SIMILARITY)
    .toSorted((a, b) => b.similarity - a.similarity);
  return {
    sameName: sameName.map((model) => model.id),
    similarName: similarName.slice(0, MAX_SIMILAR).map((one) => one.id),
  };
}

function hasName({ model, aliases }: Model, name: string): boolean {
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
