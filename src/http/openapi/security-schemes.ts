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

/** The ways in which a key is sent, for the OpenAPI document: one of them is enough. */
export const KEY_WAYS: Record<string, string[]>[] = Object.keys(securitySchemes).map((name) => ({
  [name]: [],
}));

/** The parts of the OpenAPI document about keys: whether every route needs one unless it says otherwise. */
export function toSecurity(needsKey: boolean) {
  return { components: { securitySchemes }, security: needsKey ? KEY_WAYS : [] };
}
