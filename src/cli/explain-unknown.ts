import type { Paddock } from '../client/client.ts';
import { suggestIds, toSuggestion } from './suggest-ids.ts';

/**
 * Explains why a request for a model may have failed: that its provider does not list it, and which IDs the user may have
 * meant. Returns an empty text if the provider lists it, or if that is unknown.
 */
export async function explainUnknown(
  id: string,
  paddock: Pick<Paddock, 'models' | 'resolve'>,
): Promise<string> {
  try {
    const catalog = await paddock.models();
    const { available, provider, model } = await paddock.resolve(id);
    if (available !== false) return '';
    return `${provider} does not list "${model}".${toSuggestion(suggestIds(id, catalog))}`;
  } catch {
    // The first failure is the one to report.
    return '';
  }
}
