// resolve/ decides which provider and model an ID means, for every part of the program. It is pure and does not depend on
// which providers are online.

import * as v from 'valibot';
import { messageOf, PaddockError, type ErrorCode } from '../errors.ts';
import { named, type Infer } from '../schema.ts';
import { findIdFault, joinId, splitId } from './composite-id.ts';
import { compositeIdSchema, providerNameSchema } from './id-schemas.ts';

/** The settings that decide what an ID means. */
export interface ResolveSettings {
  /** The registered providers by name. */
  readonly providers: { has(name: string): boolean; readonly size: number };
  /** Composite IDs by alias. */
  readonly aliases: ReadonlyMap<string, string>;
  /** The provider of bare IDs, or null if no provider is local. */
  readonly defaultProvider: string | null;
}

/** The fields of a resolved model: its ID, its provider, its name there, and the rule that matched. */
export const resolvedEntries = {
  id: compositeIdSchema,
  provider: providerNameSchema,
  model: v.string(),
  via: named('ResolvedVia', v.picklist(['composite', 'bare', 'alias'])),
};

/** A provider and its model, and the rule that matched. */
export type ResolvedModel = Infer<v.ObjectSchema<typeof resolvedEntries, undefined>>;

/** The model that an ID means, or the reason why it means none. */
export type Resolution =
  | ({ readonly ok: true } & ResolvedModel)
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

/** The message for a bare ID if only cloud providers are configured. */
const NO_DEFAULT_MESSAGE =
  'The model ID does not begin with the name of a provider, and no local provider is set up for bare IDs: write provider/model.';

/**
 * Resolves any ID. The rules, in order: an alias; a registered provider's name before the first slash; else a bare ID,
 * which belongs to the default provider. A resolved ID resolves to itself.
 */
export function resolveModel(text: string, settings: ResolveSettings): Resolution {
  const trimmed = text.trim();
  const fault = findIdFault(trimmed);
  if (fault !== null) return invalidId(`The model ID ${fault}.`);

  const target = settings.aliases.get(trimmed);
  const composite = splitRegistered(target ?? trimmed, settings);
  if (composite !== null) {
    if (composite.model === '') {
      return invalidId(`The model ID names the provider "${composite.provider}" but no model.`);
    }
    const id = joinId(composite.provider, composite.model);
    return { ok: true, id, ...composite, via: target === undefined ? 'composite' : 'alias' };
  }
  return resolveBare(trimmed, settings);
}

/** Resolves an ID like `resolveModel`. Throws if it means no model. */
export function requireModel(text: string, settings: ResolveSettings): ResolvedModel {
  const resolution = resolveModel(text, settings);
  if (!resolution.ok) {
    throw new PaddockError(resolution.code, resolution.message, { param: 'model' });
  }
  const { id, provider, model, via } = resolution;
  return { id, provider, model, via };
}

function splitRegistered(id: string, settings: ResolveSettings) {
  const parts = splitId(id);
  return parts !== null && settings.providers.has(parts.provider) ? parts : null;
}

function resolveBare(model: string, settings: ResolveSettings): Resolution {
  const provider = settings.defaultProvider;
  if (provider === null) {
    return settings.providers.size === 0
      ? { ok: false, code: 'no_providers', message: messageOf('no_providers') }
      : { ok: false, code: 'unknown_provider', message: NO_DEFAULT_MESSAGE };
  }
  const id = joinId(provider, model);
  // The canonical form must be a valid ID too: otherwise no request could name a favorite stored under it.
  const fault = findIdFault(id);
  if (fault !== null) return invalidId(`The model ID in its full form, "${provider}/…", ${fault}.`);
  return { ok: true, id, provider, model, via: 'bare' };
}

function invalidId(message: string): Resolution {
  return { ok: false, code: 'invalid_model_id', message };
}
