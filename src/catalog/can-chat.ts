import type { Catalog } from './catalog.ts';
import type { CatalogModel } from './model.ts';

type Described = Pick<CatalogModel, 'model' | 'capabilities' | 'modalities'>;

/** Capabilities of models that never chat. */
const NEVER = new Set(['reranker', 'embedding', 'embeddings']);
/** Purposes other than chat that take text, and the one that writes it. */
const TAKES_TEXT = new Set(['audio_speech', 'image_generation', 'image_to_image']);
const WRITES_TEXT = 'audio_transcriptions';
/** All capabilities for which a model need not chat. */
export const OTHER_JOBS: ReadonlySet<string> = new Set([...NEVER, ...TAKES_TEXT, WRITES_TEXT]);
/** Capabilities that only models that chat have. */
const CHAT = new Set(['completion', 'function_calling', 'vision']);
/** Names of models for embeddings and reranking. Some providers report that these write text. */
const VECTOR_NAMES = toNames('embed[a-z]*|bge|e5|gte|minilm|rerank|reranker');
/** Names of other models that do not chat. Most providers report no capabilities. */
const OTHER_NAMES = toNames('whisper|parakeet|kokoro|tts|asr|image|stable-diffusion|sdxl|flux');

function toNames(words: string): RegExp {
  return new RegExp(`(?:^|[^a-z])(?:${words})(?:$|[^a-z])`, 'iu');
}

/**
 * Whether a model is meant for chat. Its capabilities and modalities decide; if its provider reports none, its name does.
 * A model that is not known for anything else counts as one that chats.
 */
export function canChat({
  model,
  capabilities,
  modalities: { input, output },
}: Described): boolean {
  if (capabilities.some((name) => NEVER.has(name))) return false;
  if (capabilities.some((name) => CHAT.has(name))) return true;
  if (VECTOR_NAMES.test(model)) return false;
  const takesText = capabilities.some((name) => TAKES_TEXT.has(name));
  const writesText = capabilities.includes(WRITES_TEXT);
  // A model that both speaks and transcribes has text on both sides without chat.
  if (takesText && writesText) return false;
  if (input.includes('text') && output.includes('text')) return true;
  if (takesText || writesText || (output.length > 0 && !output.includes('text'))) return false;
  return !OTHER_NAMES.test(model);
}

/** Returns the model to chat with if none is chosen: a favorite, else a loaded model, else the first; null if none chats. */
export function pickChatModel({ favorites, providers }: Catalog): CatalogModel | null {
  const models = providers.flatMap((provider) => provider.models.filter(canChat));
  return (
    favorites.find(canChat) ?? models.find(({ state }) => state === 'ready') ?? models[0] ?? null
  );
}
