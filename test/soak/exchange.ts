// What is asked of a host and what it answers: both are made from the request alone, so that every byte of an answer
// can be known beforehand. A host puts in its own name and what reached it, the soak what it asked for.

/** What is asked of hosts through Paddock. */
export const INFERENCE_KINDS = [
  'chat',
  'stream',
  'message',
  'embeddings',
  'form',
  'large',
  'slow reader',
  'left midway',
] as const;
/** One of them. */
export type InferenceKind = (typeof INFERENCE_KINDS)[number];

/** A fault that a request asks its host for. */
export const FAULTS = [
  'answers 500',
  'resets at once',
  'resets midway',
  'bad chunk',
  'too short',
  'hangs',
] as const;
/** One of them. */
export type Fault = (typeof FAULTS)[number];

/** A request to a model. */
export interface Inference {
  readonly kind: InferenceKind;
  readonly host: string;
  readonly model: string;
  /** In every piece of the request and the answer, and in no other. */
  readonly nonce: string;
  readonly fault: Fault | null;
  /** Whether the model stands before what may be long. */
  readonly isModelFirst: boolean;
}

/** What of a request concerns the host alone, beside its model. */
export type Order = Pick<Inference, 'kind' | 'nonce' | 'fault'>;

/** What begins every nonce. It must not stand in anything that Paddock prints. */
export const NONCE_PREFIX = 'nonce-';

/** Where each kind is sent. */
export const PATHS: Readonly<Record<InferenceKind, string>> = {
  chat: '/v1/chat/completions',
  stream: '/v1/chat/completions',
  message: '/v1/messages',
  embeddings: '/v1/embeddings',
  form: '/v1/audio/transcriptions',
  large: '/v1/chat/completions',
  'slow reader': '/v1/chat/completions',
  'left midway': '/v1/messages',
};

/** How many bytes a request brings beside its frame. */
const SMALL = 400;
const SIZES: Readonly<Partial<Record<InferenceKind, number>>> = {
  form: 96 * 1024,
  large: 1024 * 1024,
};

/** How many events an answer has, and how many bytes each brings beside its frame. */
const STREAMS: Readonly<Partial<Record<InferenceKind, { events: number; bytes: number }>>> = {
  stream: { events: 40, bytes: 40 },
  'slow reader': { events: 512, bytes: 4096 },
  'left midway': { events: 400, bytes: 40 },
};

/** The text that a request brings: its nonce, over and over. */
export function toPayload({ kind, nonce }: Pick<Inference, 'kind' | 'nonce'>): string {
  return repeat(nonce, SIZES[kind] ?? SMALL);
}

/** What an answer is made of. */
export interface AnswerParts {
  readonly kind: InferenceKind;
  readonly nonce: string;
  readonly host: string;
  readonly model: string;
  readonly path: string;
  /** The hash of the text that arrived. */
  readonly digest: string;
}

/** An answer in the pieces in which it is written: the events of a stream, else one. */
export function toPieces({ kind, ...parts }: AnswerParts): string[] {
  const stream = STREAMS[kind];
  if (stream === undefined) return [JSON.stringify(parts)];
  const { host, model, nonce, path, digest } = parts;
  const text = repeat(nonce, stream.bytes);
  // Each event names its host; the first says what arrived there.
  return Array.from({ length: stream.events }, (_, index) => {
    const arrived = index === 0 ? { path, digest } : {};
    return `data: ${JSON.stringify({ host, model, nonce, index, text, ...arrived })}\n\n`;
  }).concat('data: [DONE]\n\n');
}

/** The answer of a host to a request for status 500. */
export function toFaultText({ host, model, nonce }: Omit<AnswerParts, 'digest' | 'path'>): string {
  return JSON.stringify({ src: 'llama-swap', error: { message: `${host} ${model} ${nonce}` } });
}

/** Whether an answer is a stream of events. */
export function isStream(kind: InferenceKind): boolean {
  return STREAMS[kind] !== undefined;
}

function repeat(nonce: string, size: number): string {
  return `${nonce} `.repeat(Math.ceil(size / (nonce.length + 1))).slice(0, size);
}
