import type { Catalog } from '../../herd/catalog.ts';
import type { Respondent } from './answer.ts';
import { canTalk } from './pick-default-model.ts';

/** A model that can be asked, and what decides how. */
export interface Target extends Respondent {
  /** The provider's own name for the model, and its other ones. */
  readonly model: string;
  readonly aliases: readonly string[];
  /** Whether its host says what it runs. */
  readonly tellsRunning: boolean;
  /** Whether it sees pictures, makes them, and makes them out of others. */
  readonly sees: boolean;
  readonly paints: boolean;
  readonly edits: boolean;
  /** Whether it may chat, as far as its host says. */
  readonly talks: boolean;
}

/** The model of an ID, as the catalog knows it. One that is not listed is asked all the same: hosts have such models. */
export function findTarget(catalog: Catalog | null, id: string): Target {
  const slash = id.indexOf('/');
  const name = slash < 0 ? '' : id.slice(0, slash);
  const provider = catalog?.providers.find((it) => it.name === name);
  const model = provider?.models.find((it) => it.id === id);
  const can = (capability: string) => model?.capabilities.includes(capability) === true;
  const ownName = model?.model ?? id.slice(slash + 1);
  // An entry of the list may itself be another one's alias, under whose name the host runs it.
  const runsAs = provider?.models.filter((it) => it.aliases.includes(ownName)) ?? [];
  return {
    id,
    name: model?.name ?? id.slice(slash + 1),
    provider: name,
    label: provider?.label ?? (name === '' ? 'the gateway' : name),
    model: ownName,
    aliases: [...(model?.aliases ?? []), ...runsAs.map((it) => it.model)],
    tellsRunning: provider?.can.running === true,
    sees: can('vision'),
    paints: can('image_generation'),
    edits: can('image_to_image'),
    talks: model === undefined || canTalk(model),
  };
}
