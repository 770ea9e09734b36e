const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description:
      'One of API_KEYS or ADMIN_KEYS, if API_KEYS is set. /metrics also accepts one of METRICS_KEYS.',
  },
  header: { type: 'apiKey', in: 'header', name: 'x-api-key' },
  basic: { type: 'http', scheme: 'basic', description: 'The key is the password.' },
} as const;

/** The ways to send a key, in the OpenAPI document. One is enough. */
export const KEY_WAYS: Record<string, string[]>[] = Object.keys(securitySchemes).map((name) => ({
  [name]: [],
}));

/** The security parts of the OpenAPI document. With `needsKey`, every route needs a key unless it declares otherwise. */
export function toSecurity(needsKey: boolean) {
  return { components: { securitySchemes }, security: needsKey ? KEY_WAYS : [] };
}
