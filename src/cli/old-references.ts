import { fromOpencodeRef, toOpencodeRef, type Paddock } from '../client/client.ts';

/** What of an opencode configuration names a model at its top level. */
const KEYS = ['model', 'small_model'] as const;

/**
 * Says of each model that a configuration still refers to as a single host's what it means here. The configuration is
 * its owner's: they may mean the host itself, and so nothing is changed.
 */
export async function findOldReferences(
  config: Readonly<Record<string, unknown>>,
  paddock: Pick<Paddock, 'resolve'>,
): Promise<string[]> {
  const hints = await Promise.all(KEYS.map((key) => toHint([key, config[key]], paddock)));
  return hints.filter((hint) => hint !== null);
}

async function toHint(
  [key, ref]: [key: string, ref: unknown],
  paddock: Pick<Paddock, 'resolve'>,
): Promise<string | null> {
  const id = typeof ref === 'string' ? fromOpencodeRef(ref) : null;
  if (id === null || ref === toOpencodeRef(id)) return null;
  // What means nothing here was never a model of the herd's.
  const meant = await paddock.resolve(id).catch(() => null);
  if (meant === null) return null;
  const now = `its "${key}" is ${ref}, which is ${toOpencodeRef(meant.id)} now`;
  return meant.available === false ? `${now}, though ${meant.provider} does not list it` : now;
}
