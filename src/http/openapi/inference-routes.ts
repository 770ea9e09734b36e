import * as v from 'valibot';
import { modelIdSchema } from '../../resolve/id-schemas.ts';
import { named } from '../../schema.ts';

/** A request that names a model in its body, as the OpenAPI document describes it. */
interface InferenceRequest {
  readonly name: string;
  /** The fields that every provider requires besides the model. Providers take others, and check all of them. */
  readonly fields: v.ObjectEntries;
  readonly example: Readonly<Record<string, unknown>>;
  /** Whether it is a form instead of JSON. */
  readonly isForm?: boolean;
}

const text = v.string();
/** With DEFAULT_MODEL, an empty model counts as none. */
const noModel = v.nullable(v.union([modelIdSchema, v.literal('')]));
const messages = v.array(v.unknown());
const texts = v.union([text, v.array(v.unknown())]);
const greeting = [{ role: 'user', content: 'Hello' }];
const file = v.pipe(v.string(), v.metadata({ contentMediaType: 'application/octet-stream' }));

const chat = { name: 'ChatRequest', fields: { messages }, example: { messages: greeting } };
const completion = {
  name: 'CompletionRequest',
  fields: { prompt: texts },
  example: { prompt: 'Once upon a time' },
};
const rerank = {
  name: 'RerankRequest',
  fields: { query: text, documents: v.pipe(v.array(v.unknown()), v.nonEmpty()) },
  example: { query: 'fruit', documents: ['an apple', 'a stone'] },
};
const image = {
  name: 'ImageRequest',
  fields: { prompt: text },
  example: { prompt: 'A horse in a paddock' },
};

/** Every route whose body names the model: its summary and its request. */
export const BODY_ROUTES: Readonly<Record<string, readonly [string, InferenceRequest]>> = {
  '/v1/chat/completions': ['Chat, as OpenAI’s Chat Completions', chat],
  '/v1/responses': [
    'Chat, as OpenAI’s Responses',
    { name: 'ResponsesRequest', fields: { input: texts }, example: { input: 'Hello' } },
  ],
  '/v1/completions': ['Completes a text', completion],
  '/v1/messages': [
    'Chat, as Anthropic’s Messages',
    {
      name: 'MessagesRequest',
      fields: { messages },
      example: { max_tokens: 100, messages: greeting },
    },
  ],
  '/v1/messages/count_tokens': [
    'Counts the tokens of an Anthropic message',
    {
      name: 'CountTokensRequest',
      fields: { messages },
      example: { messages: greeting },
    },
  ],
  '/v1/embeddings': [
    'Embeddings',
    {
      name: 'EmbeddingsRequest',
      fields: { input: v.union([text, v.pipe(v.array(v.unknown()), v.nonEmpty())]) },
      example: { input: 'a horse' },
    },
  ],
  '/v1/rerank': ['Ranks documents by relevance', rerank],
  '/v1/reranking': ['Ranks documents by relevance', rerank],
  '/rerank': ['Ranks documents by relevance', rerank],
  '/reranking': ['Ranks documents by relevance', rerank],
  '/infill': [
    'Completes code between a prefix and a suffix',
    {
      name: 'InfillRequest',
      fields: { input_prefix: text, input_suffix: text },
      example: { input_prefix: 'function add(a, b) {', input_suffix: '}' },
    },
  ],
  '/completion': ['Completes a text, as llama.cpp does', completion],
  '/v1/audio/speech': [
    'Converts text to speech',
    { name: 'SpeechRequest', fields: { input: text }, example: { input: 'Hello' } },
  ],
  '/v1/audio/transcriptions': [
    'Converts speech to text',
    { name: 'TranscriptionRequest', fields: { file }, example: {}, isForm: true },
  ],
  '/v1/audio/voices': [
    'Creates a voice',
    { name: 'VoiceRequest', fields: { name: text }, example: { name: 'mine' } },
  ],
  '/v1/images/generations': ['Generates images', image],
  '/v1/images/edits': [
    'Edits images',
    {
      name: 'ImageEditRequest',
      fields: { prompt: text, image: file },
      example: { prompt: 'Add a horse' },
      isForm: true,
    },
  ],
  '/sdapi/v1/txt2img': [
    'Generates images, as Stable Diffusion web UI does',
    { name: 'TextToImageRequest', fields: {}, example: image.example },
  ],
  '/sdapi/v1/img2img': [
    'Generates images from images, as Stable Diffusion web UI does',
    {
      name: 'ImageToImageRequest',
      fields: { init_images: v.pipe(v.array(v.unknown()), v.nonEmpty()) },
      example: { prompt: 'A horse', init_images: ['aGk='] },
    },
  ],
  '/audioapi/v1/tasks/run': [
    'Runs an audio task',
    { name: 'AudioTaskRequest', fields: {}, example: {} },
  ],
};

/** Every route whose query names the model, with its summary. */
export const QUERY_ROUTES = {
  '/v1/audio/voices': 'Lists voices',
  '/sdapi/v1/loras': 'Lists LoRAs',
  '/props': 'The properties that the model’s own server reports; loads the model',
} as const;

/** The schema of a request, which must name a model unless DEFAULT_MODEL is set. */
export function toRequestSchema(request: InferenceRequest, options: { needsModel: boolean }) {
  const model = options.needsModel ? modelIdSchema : v.optional(noModel);
  const examples = [{ model: 'sam-desktop/qwen3.6-27b', ...request.example }];
  const fields = v.objectWithRest({ model, ...request.fields }, v.unknown());
  return named(
    request.name,
    request.isForm === true ? fields : v.pipe(fields, v.metadata({ examples })),
  );
}
