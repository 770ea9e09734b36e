import { PaddockError } from '../errors.ts';
import type { ResolvedModel } from '../resolve/resolve-model.ts';
import { hasList } from './find-listed.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Returns the error for a model that is in no list.
 * @param route the route that lists the models of all providers to this client
 */
export function toUnlistedError(
  { provider, model }: Pick<ResolvedModel, 'provider' | 'model'>,
  { snapshot, route }: { snapshot: Snapshot | null; route: string },
): PaddockError {
  const reason = hasList(provider, snapshot)
    ? `${provider} does not list "${model}".`
    : `Paddock does not know the models of ${provider}, so it cannot find "${model}": GET /api/providers says why.`;
  const message = `${reason} GET ${route} lists the available models.`;
  return new PaddockError('not_found', message, { param: 'model' });
}
