import type { Model, Provider } from './catalog.ts';

/** A number of tokens as people say it: 64k for 65,536, 128k for 131,072, 1M for 1,048,576; decimal sizes in thousands. */
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

/** What a model is doing, where that is worth a word: a stopped one is the usual case. */
export function toStateLabel(state: Model['state']): string | null {
  return state === 'stopped' || state === 'unknown' ? null : state;
}

/** What an entry of a list is, where it is no model of the provider's own. */
export function toKindLabel({ kind, peer }: Model): string | null {
  if (kind === 'model') return null;
  return kind === 'peer' && peer !== null ? `via ${peer}` : kind;
}

/** What a capability of a host's list is called; names that nobody foresaw are shown as they are. */
export function toCapabilityLabel(name: string): string {
  return CAPABILITIES[name] ?? name.replaceAll('_', ' ');
}

const CAPABILITIES: Readonly<Record<string, string>> = {
  vision: 'sees images',
  audio: 'hears sounds',
  function_calling: 'uses tools',
  image_generation: 'makes images',
  image_to_image: 'edits images',
  audio_transcriptions: 'hears speech',
  audio_speech: 'speaks',
  reranker: 'ranks documents',
  embeddings: 'embeds texts',
  embedding: 'embeds texts',
};

/** How long ago something was: `12 s ago`, `3 min ago`, `2 h ago`, `5 days ago`. Both are milliseconds since 1970. */
export function toAgeLabel(then: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - then) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  if (hours < 48) return `${hours} h ago`;
  return `${Math.round(hours / 24)} days ago`;
}

/** When a provider that is away was last online, in words. */
export function toLastSeenLabel({ lastSeenAt }: Provider, now: number): string {
  return lastSeenAt === null
    ? 'not seen since Paddock started'
    : `last seen ${toAgeLabel(Date.parse(lastSeenAt), now)}`;
}
