import type { ListedModel, Modalities } from './model.ts';

/** The modalities of a model that llama-server calls multimodal and says no more of. */
const MULTIMODAL: Modalities = { input: ['text', 'image'], output: ['text'] };

/**
 * The modalities of a listed model.
 * @param options.architecture what the list's `architecture` says
 * @param options.isMultimodal whether llama-server's `models[].capabilities` has `multimodal`. Models that hear and do not
 * see are `multimodal` too, so an `architecture` that names more than text is believed before it.
 */
export function pickModalities(options: {
  architecture: Modalities;
  isMultimodal: boolean;
}): Modalities {
  const { architecture, isMultimodal } = options;
  const isSpecific = architecture.input.some((name) => name !== 'text');
  return isMultimodal && !isSpecific ? MULTIMODAL : architecture;
}

/** A listed model's capabilities and modalities, with what its own server says that it takes, or null. */
export function addInputs(
  { capabilities, modalities }: Pick<ListedModel, 'capabilities' | 'modalities'>,
  inputs: readonly string[] | null,
): Pick<ListedModel, 'capabilities' | 'modalities'> {
  if (inputs === null) return { capabilities, modalities };
  const added = { ...modalities, input: [...new Set([...modalities.input, ...inputs])] };
  return { capabilities: pickCapabilities(capabilities, added), modalities: added };
}

/**
 * The capabilities of a model, sorted: those that its provider names, with `vision` and `audio` where a chat with it may hold
 * pictures and sounds. A model that makes pictures of pictures is not chatted with, and one that transcribes only if it
 * takes text as well.
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
