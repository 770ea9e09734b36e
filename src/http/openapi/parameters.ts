import { ROLES } from '../../resolve/roles.ts';

const EXAMPLE_ID = 'sam-desktop/qwen3.6-27b';
const roles: string[] = [...ROLES];
const modelId = { $ref: '#/components/schemas/ModelId' };
/** An empty model counts as none. */
const optionalModelId = { anyOf: [modelId, { type: 'string' as const, enum: [''] }] };

const modelInQuery = (description: string, options: { required: boolean; schema: object }) => ({
  name: 'model',
  in: 'query' as const,
  required: options.required,
  description,
  schema: options.schema,
  example: EXAMPLE_ID,
});

const optionalInQuery = { in: 'query', required: false } as const;

const providerInPath = (name: string) => ({
  name,
  in: 'path' as const,
  required: true,
  description: 'The name of a provider.',
  schema: { $ref: '#/components/schemas/ProviderName' },
  example: 'sam-desktop',
});

/** The parameters of all routes, which the OpenAPI document describes once. */
export const PARAMETERS = {
  ModelIdInPath: {
    name: 'id',
    in: 'path',
    required: true,
    description: 'Any model ID, raw or percent-encoded. It may contain slashes.',
    schema: modelId,
    example: EXAMPLE_ID,
  },
  ModelInQuery: modelInQuery(
    'A composite ID, a bare ID or an alias. Without it, DEFAULT_MODEL applies.',
    {
      required: false,
      schema: optionalModelId,
    },
  ),
  RequiredModelInQuery: modelInQuery('A composite ID, a bare ID or an alias.', {
    required: true,
    schema: modelId,
  }),
  ModelToResolve: modelInQuery(
    'A composite ID, a bare ID or an alias. Send either this or `role`.',
    { required: false, schema: modelId },
  ),
  Role: {
    name: 'role',
    ...optionalInQuery,
    description: 'A role, instead of `model`. For `arena`, its first model.',
    schema: { type: 'string', enum: roles },
  },
  Refresh: {
    name: 'refresh',
    ...optionalInQuery,
    description: '`1` probes every provider before the answer.',
    schema: { type: 'string' },
    example: '1',
  },
  Limit: {
    name: 'limit',
    ...optionalInQuery,
    description:
      'The most models of a page in Anthropic’s format. Without it, the list has all models.',
    schema: { type: 'integer', minimum: 1, maximum: 1000 },
  },
  AfterId: {
    name: 'after_id',
    ...optionalInQuery,
    description: 'The page begins after this ID.',
    schema: modelId,
  },
  BeforeId: {
    name: 'before_id',
    ...optionalInQuery,
    description: 'The page ends before this ID.',
    schema: modelId,
  },
  AnthropicVersion: {
    name: 'anthropic-version',
    in: 'header',
    required: false,
    description: 'Any value adds the fields of Anthropic’s pages.',
    schema: { type: 'string' },
  },
  Topics: {
    name: 'topics',
    ...optionalInQuery,
    description:
      'The topics of the stream, separated by commas: `catalog`, `favorites`, `llama-swap`. Without it, all.',
    schema: { type: 'string' },
    example: 'catalog,favorites',
  },
  LoggedModel: {
    name: 'model',
    ...optionalInQuery,
    description:
      'The provider’s own name for a model, for its part of the log only. llama-swap takes `proxy` for its own part, and `upstream` for the part of all models.',
    schema: { type: 'string', minLength: 1 },
    example: 'qwen3.6-27b',
  },
  Follow: {
    name: 'follow',
    ...optionalInQuery,
    description: '`1` sends new lines too, until the client ends the request; on Node and Bun.',
    schema: { type: 'string' },
    example: '1',
  },
  ProviderName: providerInPath('name'),
  UpstreamProvider: providerInPath('provider'),
  UpstreamPath: {
    name: 'rest',
    in: 'path',
    required: true,
    description:
      'The provider’s own name for a model, and a path of that model’s server. It may contain slashes.',
    schema: { type: 'string', minLength: 1 },
    example: 'qwen3.6-27b/health',
  },
} as const;
