import { canChat } from '../catalog/can-chat.ts';
import { fromOpencodeRef, type Catalog, type Model } from '../client/client.ts';
import type { Facts } from '../client-settings/client.ts';
import { findClaudeAlias } from '../client-settings/find-claude-alias.ts';
import type { Connection } from './connect.ts';
import { CommandError, EXIT } from './exit-codes.ts';
import { suggestIds, toSuggestion } from './suggest-ids.ts';

/** Asks Paddock for the facts of settings. `model` is an ID, or null for a default. Throws if it does not chat. */
export async function readFacts(
  { paddock, url }: Connection,
  model: string | null,
): Promise<Facts> {
  const config = await paddock.opencodeConfig();
  // This list comes from the same probes as the configuration.
  const catalog = await paddock.models();
  const wanted = model ?? fromOpencodeRef(config.model ?? '');
  if (wanted === null) {
    const message = 'No model that chats is listed: paddock doctor shows why.';
    throw new CommandError(message, EXIT.unreachable);
  }
  const { id, via, contextWindow, available, provider, note } = await paddock.resolve(wanted);
  const listed = listModels(catalog).find((one) => one.id === id);
  if (available !== true) refuseUnlisted({ id, provider, note, catalog });
  if (listed !== undefined && !canChat(listed)) {
    const message = `${id} does not chat: choose another model. paddock models lists them.`;
    throw new CommandError(message, EXIT.usage);
  }
  return {
    url,
    id: via === 'alias' ? wanted.trim() : id,
    window: contextWindow,
    hasVision: listed?.capabilities.includes('vision') === true,
    claudeAlias:
      listed === undefined
        ? null
        : await findClaudeAlias(listed, (name) => paddock.resolve(name).catch(() => null)),
    needsKey: config.provider.paddock.options.apiKey !== undefined,
  };
}

function listModels({ providers }: Catalog): Model[] {
  return providers.flatMap(({ models }) => models);
}

interface Unlisted {
  readonly id: string;
  readonly provider: string;
  readonly note: string | undefined;
  readonly catalog: Catalog;
}

function refuseUnlisted({ id, provider, note, catalog }: Unlisted): never {
  const { status } = catalog.providers.find(({ name }) => name === provider) ?? {};
  if (status !== undefined && status !== 'online') {
    const message = `The settings for ${id} are unknown, because ${provider} is ${status}: paddock doctor shows why.`;
    throw new CommandError(message, EXIT.unreachable);
  }
  if (note !== undefined) throw new CommandError(note, EXIT.usage);
  const groups = catalog.providers.map((group) => ({
    ...group,
    models: group.models.filter(canChat),
  }));
  const suggestion = toSuggestion(suggestIds(id, { providers: groups }));
  const advice = suggestion === '' ? 'paddock models lists its models.' : suggestion;
  throw new CommandError(`${provider} does not list ${id}. ${advice}`, EXIT.usage);
}
