const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description:
      'One of API_KEYS or ADMIN_KEYS, where API_KEYS is set. For /metrics one of METRICS_KEYS serves too, and nowhere else.',
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
