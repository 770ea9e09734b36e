import { isOldClaude } from './old-claude.ts';

/** A model of the catalog. */
interface Listed {
  readonly id: string;
  readonly provider: string;
  readonly aliases: readonly string[];
}

/** Returns what Paddock resolves a name to, or null. */
type Resolve = (name: string) => Promise<{ id: string; available: boolean | null } | null>;

/** Returns an alias of a model that Claude Code takes for an older Claude, in the form that Paddock resolves; or null. */
export async function findClaudeAlias(
  { id, provider, aliases }: Listed,
  resolve: Resolve,
): Promise<string | null> {
  for (const alias of aliases.filter(isOldClaude)) {
    // An alias of the settings stands alone. A provider's own follows the provider's name.
    if ((await resolve(alias))?.id === id) return alias;
    const full = `${provider}/${alias}`;
    if ((await resolve(full))?.available === true) return full;
  }
  return null;
}
