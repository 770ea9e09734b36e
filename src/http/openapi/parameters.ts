import { ROLES } from '../../resolve/roles.ts';

const roles: string[] = [...ROLES];
const modelId = { $ref: '#/components/schemas/ModelId' };
/** An empty model counts as none. */
const optionalModelId = { anyOf: [modelId, { type: 'string' as const, enum: [''] }] };

/** The parameters of all routes, which the OpenAPI document describes once. */
export const PARAMETERS = {
  ModelIdInPath: {
    name: 'id',
    in: 'path',
    required: true,
    description: 'Any model ID, raw or percent-encoded; it may hold slashes.',
    schema: modelId,
    example: 'sam-desktop/qwen3.6-27b',
  },
  ModelInQuery: {
    name: 'model',
    in: 'query',
    required: false,
    description: 'A composite ID, a bare ID or an alias; without it, DEFAULT_MODEL.',
    schema: optionalModelId,
    example: 'sam-desktop/qwen3.6-27b',
  },
  RequiredModelInQuery: {
    name: 'model',
    in: 'query',
    required: true,
    description: 'A composite ID, a bare ID or an alias.',
    schema: modelId,
    example: 'sam-desktop/qwen3.6-27b',
  },
  ModelToResolve: {
    name: 'model',
    in: 'query',
    required: false,
    description: 'A composite ID, a bare ID or an alias. Send either this or `role`.',
    schema: modelId,
    example: 'sam-desktop/qwen3.6-27b',
  },
  Role: {
    name: 'role',
    in: 'query',
    required: false,
    description: 'The role whose model is meant, in place of `model`; of the arena, its first.',
    schema: { type: 'string', enum: roles },
  },
  Refresh: {
    name: 'refresh',
    in: 'query',
    required: false,
    description: '`1` probes every provider before the answer.',
    schema: { type: 'string' },
    example: '1',
  },
  ProviderName: {
    name: 'name',
    in: 'path',
    required: true,
    description: 'The name of a provider.',
    schema: { $ref: '#/components/schemas/ProviderName' },
    example: 'sam-desktop',
  },
  UpstreamProvider: {
    name: 'provider',
    in: 'path',
    required: true,
    description: 'The name of a provider.',
    schema: { $ref: '#/components/schemas/ProviderName' },
    example: 'sam-desktop',
  },
  UpstreamPath: {
    name: 'rest',
    in: 'path',
    required: true,
    description:
      'The provider’s own name for a model, and a path of that model’s server. It may hold slashes.',
    schema: { type: 'string', minLength: 1 },
    example: 'qwen3.6-27b/health',
  },
} as const;
