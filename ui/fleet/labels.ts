import type { Model, Provider } from './catalog.ts';

/**
 * Formats a number of tokens: 64k for 65,536, 128k for 131,072, 1M for 1,048,576. Multiples of 1024 are divided by
 * 1024, other numbers by 1000.
 */
export function toTokensLabel(tokens: number): string {
  if (tokens < 1000) return String(tokens);
  const unit = tokens % 1024 === 0 ? 1024 : 1000;
  const thousands = tokens / unit;
  if (thousands < unit) return `${trim(thousands)}k`;
  return `${trim(thousands / unit)}M`;
}

function trim(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Returns the label of a model's state, or null for the usual ones: stopped and unknown. */
export function toStateLabel(state: Model['state']): string | null {
  return state === 'stopped' || state === 'unknown' ? null : state;
}

/** Returns the label of an entry's kind, or null for a model of the provider itself. */
export function toKindLabel({ kind, peer }: Model): string | null {
  if (kind === 'model') return null;
  return kind === 'peer' && peer !== null ? `via ${peer}` : kind;
}

/** Returns the label of a capability. An unknown capability keeps its own name. */
export function toCapabilityLabel(name: string): string {
  return CAPABILITIES[name] ?? name.replaceAll('_', ' ');
}

const CAPABILITIES: Readonly<Record<string, string>> = {
  vision: 'image input',
  audio: 'audio input',
  function_calling: 'tool use',
  image_generation: 'image generation',
  image_to_image: 'image editing',
  audio_transcriptions: 'transcription',
  audio_speech: 'text to speech',
  reranker: 'reranking',
  embeddings: 'embeddings',
  embedding: 'embeddings',
};

/** Formats an age: `12 s ago`, `3 min ago`, `2 h ago`, `5 days ago`. Both times are in milliseconds since 1970. */
export function toAgeLabel(then: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - then) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  if (hours < 48) return `${hours} h ago`;
  return `${Math.round(hours / 24)} days ago`;
}

/** Tells when a provider that is not online was last online. */
export function toLastSeenLabel({ lastSeenAt }: Provider, now: number): string {
  return lastSeenAt === null
    ? 'not seen since Paddock started'
    : `last seen ${toAgeLabel(Date.parse(lastSeenAt), now)}`;
}
