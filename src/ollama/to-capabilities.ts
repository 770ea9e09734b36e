import { OTHER_JOBS } from '../catalog/can-chat.ts';

/** Ollama's name of each capability, by the names that providers use. Source: Ollama's types/model/capability.go. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['completion', 'completion'],
  ['chat', 'completion'],
  ['function_calling', 'tools'],
  ['tools', 'tools'],
  ['vision', 'vision'],
  ['audio', 'audio'],
  ['reasoning', 'thinking'],
  ['thinking', 'thinking'],
  ['fim', 'insert'],
  ['insert', 'insert'],
  ['embedding', 'embedding'],
  ['embeddings', 'embedding'],
  ['image_generation', 'image'],
]);

/** The capabilities that a provider may detect by itself. All others are stated by the model's owner. */
const SEEN: ReadonlySet<string> = new Set(['vision', 'audio']);

/**
 * Converts a model's capabilities. Editors offer only models with `tools`, and most providers state nothing: such a model
 * is taken to write text and to call tools.
 * @param parameters the request parameters that the model supports; undefined if unknown
 */
export function toOllamaCapabilities(
  capabilities: readonly string[],
  parameters: readonly string[] | undefined,
): readonly string[] {
  const found = new Set(capabilities.flatMap((name) => NAMES.get(name) ?? []));
  const isStated = parameters !== undefined || capabilities.some((name) => !SEEN.has(name));
  if (parameters?.includes('tools') === true || !isStated) found.add('tools');
  const hasOtherJob = capabilities.some((name) => OTHER_JOBS.has(name));
  if (!hasOtherJob || found.has('tools') || found.has('thinking')) found.add('completion');
  return [...found].toSorted();
}
