// The document comes from this gateway, and no validator elsewhere is asked about it.
SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reference', validatorUrl: null });
