import { fromOpencodeRef, toOpencodeRef, type Paddock } from '../client/client.ts';

/** The top-level keys of an opencode configuration that name a model. */
const KEYS = ['model', 'small_model'] as const;

/** Finds references to models of a single llama-swap, and describes what each means in Paddock. Changes nothing. */
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
  // A reference that does not resolve was never a model of Paddock's providers.
  const meant = await paddock.resolve(id).catch(() => null);
  if (meant === null) return null;
  const hint = `"${key}" is ${ref}: in Paddock it is ${toOpencodeRef(meant.id)}`;
  return meant.available === false ? `${hint}, but ${meant.provider} does not list it` : hint;
}
