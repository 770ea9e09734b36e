// resolve/ says which provider and model an ID means, the same for every part of the program.
// Pure: it takes values and returns values, and never looks at what is online.

import * as v from 'valibot';
import { messageOf, PaddockError, type ErrorCode } from '../errors.ts';
import { named, type Infer } from '../schema.ts';
import { findIdFault, joinId, splitId } from './composite-id.ts';
import { compositeIdSchema, providerNameSchema } from './id-schemas.ts';

/** What resolving needs to know of the settings. */
export interface Herd {
  /** The registered providers by name. */
  readonly providers: { has(name: string): boolean; readonly size: number };
  /** Composite IDs by alias. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Who answers bare IDs, or null where no provider is local. */
  readonly defaultProvider: string | null;
}

/** A provider and its model, and which rule found them. */
export const resolvedEntries = {
  id: compositeIdSchema,
  provider: providerNameSchema,
  model: v.string(),
  via: named('ResolvedVia', v.picklist(['composite', 'bare', 'alias'])),
};

/** A provider and its model, and which rule found them. */
export type ResolvedModel = Infer<v.ObjectSchema<typeof resolvedEntries, undefined>>;

/** What an ID means, or why it means nothing. */
export type Resolution =
  | ({ readonly ok: true } & ResolvedModel)
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

/** Said of a bare ID where only cloud providers are set up. */
const NO_DEFAULT_MESSAGE =
  'The model ID begins with no registered provider, and no local provider is set up to answer bare IDs: write provider/model.';

/**
 * Resolves any ID. In order: an alias; a registered provider's name before the first slash; else a bare ID,
 * which is the default provider's. An ID that was resolved once resolves to itself.
 */
export function resolveModel(text: string, herd: Herd): Resolution {
  const trimmed = text.trim();
  const fault = findIdFault(trimmed);
  if (fault !== null) return invalidId(`The model ID ${fault}.`);

  const target = herd.aliases.get(trimmed);
  const composite = splitRegistered(target ?? trimmed, herd);
  if (composite !== null) {
    if (composite.model === '') {
      return invalidId(`The model ID names the provider "${composite.provider}" and no model.`);
    }
    const id = joinId(composite.provider, composite.model);
    return { ok: true, id, ...composite, via: target === undefined ? 'composite' : 'alias' };
  }
  return resolveBare(trimmed, herd);
}

/** The same as `resolveModel`, for callers to whom a fault is the end of the request. */
export function requireModel(text: string, herd: Herd): ResolvedModel {
  const resolution = resolveModel(text, herd);
  if (!resolution.ok) {
    throw new PaddockError(resolution.code, resolution.message, { param: 'model' });
  }
  const { id, provider, model, via } = resolution;
  return { id, provider, model, via };
}

function splitRegistered(id: string, herd: Herd) {
  const parts = splitId(id);
  return parts !== null && herd.providers.has(parts.provider) ? parts : null;
}

function resolveBare(model: string, herd: Herd): Resolution {
  const provider = herd.defaultProvider;
  if (provider === null) {
    return herd.providers.size === 0
      ? { ok: false, code: 'no_providers', message: messageOf('no_providers') }
      : { ok: false, code: 'unknown_provider', message: NO_DEFAULT_MESSAGE };
  }
  const id = joinId(provider, model);
  // The canonical form must itself be an ID, or what was stored by it could never be named again.
  const fault = findIdFault(id);
  if (fault !== null) return invalidId(`The model ID in its full form, "${provider}/…", ${fault}.`);
  return { ok: true, id, provider, model, via: 'bare' };
}

function invalidId(message: string): Resolution {
  return { ok: false, code: 'invalid_model_id', message };
}
