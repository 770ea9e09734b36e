import type { Catalog, Model } from '../../herd/catalog.ts';

/** What could stand in a setting in place of a model that is gone: composite IDs, best first. */
export interface Alternatives {
  /** The same name on other hosts. */
  readonly elsewhere: readonly string[];
  /** Other names on the same host that resemble it. */
  readonly similar: readonly string[];
}

const MOST = 3;
/** Names that share less than this are no likeness: of 1, by pairs of letters. */
const LEAST_LIKENESS = 0.45;

/** Finds where a model's bare name is now, and what its host lists that resembles it. */
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

/** How much two names have in common, from 0 to 1: Dice's coefficient over pairs of letters and digits. */
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
