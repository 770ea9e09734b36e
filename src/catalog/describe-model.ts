import * as v from 'valibot';
import type { Registry } from '../registry/registry.ts';
import { findProvider } from '../registry/require-provider.ts';
import { compositeIdSchema } from '../resolve/id-schemas.ts';
import { resolvedEntries, type ResolvedModel } from '../resolve/resolve-model.ts';
import { declareAnswer, namedObject, type Infer } from '../schema.ts';
import { providerKindSchema } from './catalog.ts';
import { explainBareId } from './explain-bare-id.ts';
import { findContextWindow } from './context-window.ts';
import { findServed } from './find-listed.ts';
import { contextWindowEntries, modelExample } from './model.ts';
import type { Snapshot } from './snapshot.ts';

const describedSchema = namedObject('Resolution', {
  ...resolvedEntries,
  ...contextWindowEntries,
  kind: providerKindSchema,
  /** The provider's base URLs, without credentials; null if the client may not see them. */
  upstream: v.nullable(v.object({ inference: v.string(), management: v.string() })),
  /** Whether the model is available now; null if its provider was never probed. */
  available: v.nullable(v.boolean()),
  /** Whether the setting that names the model is out of date. */
  drift: v.optional(v.literal(true)),
  /** Why an ID with a slash went to the default provider, which does not list it, and which ID was probably meant. */
  note: v.optional(v.string()),
});

/** A resolved ID, and the facts about its model that need no request to the provider. */
export type DescribedModel = Infer<typeof describedSchema>;

/** `GET /api/resolve`. */
export const resolutionAnswer = declareAnswer(describedSchema, {
  id: modelExample.id,
  provider: modelExample.provider,
  model: modelExample.model,
  kind: 'llama-swap',
  via: 'bare',
  upstream: { inference: 'http://sam-desktop:8080', management: 'http://sam-desktop:8080' },
  available: true,
  contextWindow: 65536,
  contextSource: 'declared',
});

/** `GET /api/roles`. */
export const rolesAnswer = declareAnswer(
  namedObject('Roles', {
    roles: v.object({
      default: v.nullable(describedSchema),
      task: v.nullable(describedSchema),
      compaction: v.nullable(describedSchema),
      arena: v.array(describedSchema),
    }),
  }),
  {
    roles: {
      default: resolutionAnswer.example,
      task: resolutionAnswer.example,
      compaction: resolutionAnswer.example,
      arena: [],
    },
  },
);

/** `GET /api/context`. */
export const contextAnswer = declareAnswer(
  namedObject('ContextWindow', { id: compositeIdSchema, ...contextWindowEntries }),
  { id: modelExample.id, contextWindow: 65536, contextSource: 'declared' },
);

/** Describes the model of a resolved ID from the last snapshot, if there is one. */
export function describeModel(
  resolved: ResolvedModel,
  { registry, snapshot }: { readonly registry: Registry; readonly snapshot: Snapshot | null },
): DescribedModel {
  const provider = findProvider(resolved, registry);
  const listed = findServed(resolved.id, snapshot);
  const note = explainBareId(resolved, { registry, snapshot });
  return {
    ...resolved,
    kind: provider.kind.name,
    upstream: {
      inference: provider.sidecarUrl ?? provider.baseUrl,
      management: provider.baseUrl,
    },
    available: snapshot?.results.has(provider.name) ? listed !== null : null,
    ...findContextWindow({ provider, model: resolved.model, listed }, snapshot),
    ...(note !== null && { note }),
  };
}

/** Whether an online provider does not list the model: then a setting that names the model is out of date. */
export function isDrifted({ id, provider }: ResolvedModel, snapshot: Snapshot | null): boolean {
  const isOnline = snapshot?.results.get(provider)?.status === 'online';
  return isOnline && findServed(id, snapshot) === null;
}
