/** What Paddock is called among the providers of an opencode configuration. */
export const OPENCODE_NAMESPACE = 'paddock';

// Configurations that were written for a single llama-swap host call it by this.
const OLDER_NAMESPACE = 'llama-swap';

/** Writes an ID as opencode refers to it: opencode takes all that stands before the first slash for its own provider. */
export function toOpencodeRef(id: string): string {
  return `${OPENCODE_NAMESPACE}/${id}`;
}

/**
 * The ID in a reference of opencode's, or null where it is none of Paddock's. Behind the older namespace stands what
 * that one host called the model, which is a bare ID.
 */
export function fromOpencodeRef(ref: string): string | null {
  for (const namespace of [OPENCODE_NAMESPACE, OLDER_NAMESPACE]) {
    const prefix = `${namespace}/`;
    if (ref.startsWith(prefix)) return ref.slice(prefix.length) || null;
  }
  return null;
}
