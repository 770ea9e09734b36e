import { canChat } from '../../../src/catalog/can-chat.ts';
import type { Catalog } from '../../fleet/catalog.ts';
import type { Respondent } from './answer.ts';

/** A model to ask, and the properties that decide how. */
export interface Target extends Respondent {
  /** The provider's own ID of the model, and its aliases. */
  readonly model: string;
  readonly aliases: readonly string[];
  /** Whether the provider reports its running models. */
  readonly reportsRunning: boolean;
  /** Whether the model understands pictures, generates them, and edits them. */
  readonly hasVision: boolean;
  readonly generatesImages: boolean;
  readonly editsImages: boolean;
  /** Whether the model may chat or generate pictures, as far as its provider reports. */
  readonly canChat: boolean;
}

/**
 * Returns the target of a model ID, with the properties that the catalog lists. An unlisted model is a valid target
 * too: providers may serve models that they do not list.
 */
export function findTarget(catalog: Catalog | null, id: string): Target {
  const slash = id.indexOf('/');
  const name = slash < 0 ? '' : id.slice(0, slash);
  const provider = catalog?.providers.find((it) => it.name === name);
  const model = provider?.models.find((it) => it.id === id);
  const can = (capability: string) => model?.capabilities.includes(capability) === true;
  const ownName = model?.model ?? id.slice(slash + 1);
  // A listed entry may itself be an alias of another entry, under whose ID the provider runs it.
  const runsAs = provider?.models.filter((it) => it.aliases.includes(ownName)) ?? [];
  return {
    id,
    name: model?.name ?? id.slice(slash + 1),
    provider: name,
    label: provider?.label ?? (name === '' ? 'the gateway' : name),
    model: ownName,
    aliases: [...(model?.aliases ?? []), ...runsAs.map((it) => it.model)],
    reportsRunning: provider?.can.running === true,
    hasVision: can('vision'),
    generatesImages: can('image_generation'),
    editsImages: can('image_to_image'),
    canChat: model === undefined || canChat(model) || can('image_generation'),
  };
}
