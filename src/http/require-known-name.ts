import { findServed } from '../catalog/find-listed.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { messageOf, PaddockError } from '../errors.ts';
import { requireProvider } from '../registry/require-provider.ts';
import { resolveModel } from '../resolve/resolve-model.ts';
import type { Settings } from '../settings/settings.ts';

const LATEST = ':latest';

/** Resolves a name of Ollama's clients, which add `:latest` to names without a tag. Throws if it means no model. */
export async function requireKnownName(
  asked: string | null,
  { settings, readSnapshot }: { settings: Settings; readSnapshot: () => Promise<Snapshot> },
) {
  const { registry, roles } = settings;
  const name = asked?.trim() || (roles.default?.id ?? null);
  if (name === null) {
    throw new PaddockError('model_required', messageOf('model_required'), { param: 'model' });
  }
  if (!name.endsWith(LATEST)) return requireProvider(name, registry);
  const resolution = resolveModel(name, registry);
  const isListed =
    resolution.ok &&
    (resolution.via === 'alias' || findServed(resolution.id, await readSnapshot()) !== null);
  return requireProvider(isListed ? name : name.slice(0, -LATEST.length), registry);
}
