import type { Modalities } from '../registry/provider-models.ts';
import type { ListedModel } from './model.ts';

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
