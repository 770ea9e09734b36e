/** The ways in which a key is sent, for the OpenAPI document: one of them is needed where there are keys. */
export function toSecurity(needsKey: boolean) {
  const securitySchemes = {
    bearer: { type: 'http', scheme: 'bearer', description: 'One of API_KEYS, where that is set.' },
    header: { type: 'apiKey', in: 'header', name: 'x-api-key' },
    basic: { type: 'http', scheme: 'basic', description: 'The key is the password.' },
  } as const;
  const ways = Object.keys(securitySchemes).map((name) => ({ [name]: [] }));
  return { components: { securitySchemes }, security: needsKey ? ways : [] };
}
