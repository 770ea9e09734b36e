import type { Modalities } from '../registry/provider-models.ts';
import { joinId } from '../resolve/composite-id.ts';
import type { ListedModel } from './model.ts';
import type { Snapshot } from './snapshot.ts';

/** Returns the inputs that a model takes, as its server reported; of a selector, those that all its models take. */
export function findInputs(
  { provider, id, listed }: { provider: string; id: string; listed: ListedModel },
  { results, learned }: Snapshot,
): readonly string[] | null {
  const loaded = results.get(provider)?.loaded;
  const known: (readonly string[])[] = [];
  for (const name of listed.servers) {
    // Joining anew would cost a hash for each model of a large list.
    const serverId = name === listed.model ? id : joinId(provider, name);
    const inputs = loaded?.get(name)?.inputs ?? learned.get(serverId)?.inputs ?? null;
    // One unknown server makes the result unknown. Returning early saves time: a list may name many servers.
    if (inputs === null) return null;
    known.push(inputs);
  }
  const [first = null, ...others] = known;
  return first?.filter((name) => others.every((inputs) => inputs.includes(name))) ?? null;
}

/** Adds the inputs that a model's own server reports, or null, to its listed capabilities and modalities. */
export function addInputs(
  listed: Pick<ListedModel, 'capabilities' | 'modalities'>,
  inputs: readonly string[] | null,
): Pick<ListedModel, 'capabilities' | 'modalities'> {
  if (inputs === null) return listed;
  const { capabilities, modalities } = listed;
  const added = { ...modalities, input: [...new Set([...modalities.input, ...inputs])] };
  return { capabilities: pickCapabilities(capabilities, added), modalities: added };
}

/**
 * Returns the capabilities of a model, sorted: those that its provider names, plus `vision` and `audio` if a chat with it
 * may contain images and audio. A model that outputs only images does not chat, and a transcription model chats only
 * if it also takes text.
 */
export function pickCapabilities(
  named: readonly string[],
  { input, output }: Modalities,
): readonly string[] {
  const writes = output.length === 0 || output.includes('text');
  const sees = writes && input.includes('image');
  const chats = input.includes('text') || !named.includes('audio_transcriptions');
  const hears = writes && chats && input.includes('audio');
  const found = [...named, ...(sees ? ['vision'] : []), ...(hears ? ['audio'] : [])];
  return [...new Set(found)].toSorted();
}
