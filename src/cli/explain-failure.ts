import type { Paddock } from '../client/client.ts';
import { PaddockApiError } from '../client/paddock-api-error.ts';
import { toShellWord } from '../client-settings/quoting.ts';
import { CommandError, toExitCode } from './exit-codes.ts';
import { ProviderError } from './require-ok.ts';
import { suggestIds, toSuggestion } from './suggest-ids.ts';

/** The provider has no such model, it refused the request, or it failed. */
type Failure = 'unknown' | 'refused' | 'failed';

/**
 * Returns the error of a request for a model with advice: the IDs that the user may have meant if the provider does not
 * list the model, or where its log is if the provider failed.
 */
export async function explainFailure(
  error: unknown,
  { id, paddock }: { id: string; paddock: Pick<Paddock, 'models' | 'resolve'> },
): Promise<unknown> {
  const failure = toFailure(error);
  if (failure === null || !(error instanceof Error)) return error;
  const advice = await advise({ id, failure }, paddock);
  return advice === '' ? error : new CommandError(`${error.message}\n${advice}`, toExitCode(error));
}

function toFailure(error: unknown): Failure | null {
  if (error instanceof ProviderError) return error.status >= 500 ? 'failed' : 'refused';
  if (!(error instanceof PaddockApiError)) return null;
  if (error.code === 'invalid_response') return 'failed';
  return error.code === 'not_found' && error.param === 'model' ? 'unknown' : null;
}

async function advise(
  { id, failure }: { id: string; failure: Failure },
  paddock: Pick<Paddock, 'models' | 'resolve'>,
): Promise<string> {
  try {
    const catalog = await paddock.models();
    const { available, provider, model, note } = await paddock.resolve(id);
    if (note !== undefined) return note;
    if (available === false) {
      const suggestion = toSuggestion(suggestIds(id, catalog));
      if (failure === 'unknown') return suggestion;
      return `${provider} does not list "${model}". ${suggestion}`.trim();
    }
    const hasLog = catalog.providers.some(({ name, can }) => name === provider && can.logs);
    const isShown = failure === 'failed' && hasLog;
    return isShown ? `Its log may say why: paddock logs ${provider} ${toShellWord(model)}` : '';
  } catch {
    // The first error is the one to report.
    return '';
  }
}
