/** Returns the key of a request: the Basic password, else the Bearer token, else `x-api-key`. */
export function extractApiKey(headers: Headers): string {
  const [scheme = '', credentials = ''] = splitOnce(headers.get('authorization') ?? '', ' ');
  if (scheme.toLowerCase() === 'basic') {
    const [, password = ''] = splitOnce(Buffer.from(credentials, 'base64').toString(), ':');
    if (password !== '') return password;
  }
  if (scheme.toLowerCase() === 'bearer' && credentials !== '') return credentials;
  return headers.get('x-api-key') ?? '';
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
