// The document comes from this gateway, and no validator elsewhere is asked about it.
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  validatorUrl: null,
  requestInterceptor: addKey,
});

/** Sends the key that the console was given in this tab, where no other was given here. */
function addKey(request) {
  const key = sessionStorage.getItem('paddock-key');
  const isOurs = new URL(request.url, location.href).origin === location.origin;
  const names = Object.keys(request.headers ?? {}).map((name) => name.toLowerCase());
  if (key !== null && isOurs && !names.includes('authorization')) {
    request.headers = { ...request.headers, authorization: `Bearer ${key}` };
  }
  return request;
}
