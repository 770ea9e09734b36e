import type { Paddock } from '../client/client.ts';
import { PaddockApiError } from '../client/paddock-api-error.ts';
import { CommandError, toExitCode } from './exit-codes.ts';
import { suggestIds, toSuggestion } from './suggest-ids.ts';

/** Returns the error of a request, with IDs that the user may have meant if its model is not listed. */
export async function explainUnknown(
  error: unknown,
  { id, paddock }: { id: string; paddock: Pick<Paddock, 'models' | 'resolve'> },
): Promise<unknown> {
  const isUnknown =
    error instanceof PaddockApiError && error.code === 'not_found' && error.param === 'model';
  if (!isUnknown && !(error instanceof CommandError)) return error;
  const advice = await advise({ id, isUnknown }, paddock);
  if (advice === '') return error;
  return new CommandError(`${error.message}\n${advice}`, toExitCode(error));
}

/** @param asked.isUnknown whether the error itself says that the provider has no such model */
async function advise(
  asked: { id: string; isUnknown: boolean },
  paddock: Pick<Paddock, 'models' | 'resolve'>,
): Promise<string> {
  const { id, isUnknown } = asked;
  try {
    const catalog = await paddock.models();
    const { available, provider, model, note } = await paddock.resolve(id);
    if (note !== undefined) return note;
    if (available !== false) return '';
    const suggestion = toSuggestion(suggestIds(id, catalog));
    return isUnknown ? suggestion : `${provider} does not list "${model}". ${suggestion}`.trim();
  } catch {
    // The first error is the one to report.
    return '';
  }
}
