/** Paddock's name among the providers of an opencode configuration. */
export const OPENCODE_NAMESPACE = 'paddock';

// Configurations for a single llama-swap use this name.
const OLDER_NAMESPACE = 'llama-swap';

/** Formats an ID as an opencode reference. opencode treats the text before the first slash as its own provider. */
export function toOpencodeRef(id: string): string {
  return `${OPENCODE_NAMESPACE}/${id}`;
}

/** Returns the ID in a reference, or null for others. The older namespace precedes a bare ID of a llama-swap. */
export function fromOpencodeRef(ref: string): string | null {
  for (const namespace of [OPENCODE_NAMESPACE, OLDER_NAMESPACE]) {
    const prefix = `${namespace}/`;
    if (ref.startsWith(prefix)) return ref.slice(prefix.length) || null;
  }
  return null;
}
