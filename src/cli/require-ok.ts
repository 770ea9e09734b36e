import { parseJson, toOwnError } from '../client/read-answer.ts';
import { quoteError } from '../upstream/quote-error.ts';
import { CommandError, EXIT } from './exit-codes.ts';

const GATEWAY_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Returns an answer that is successful.
 * @throws {PaddockApiError} for an error of Paddock
 * @throws {CommandError} for an error of the provider, or of a server that is not Paddock
 */
export async function requireOk(response: Response): Promise<Response> {
  if (response.ok) return response;
  const { status, headers } = response;
  const text = await response.text().catch(() => '');
  const own = toOwnError(parseJson(text), status);
  if (own !== null) throw own;
  const name = headers.get('x-paddock-provider');
  if (name === null) {
    const message = `The server is not Paddock (HTTP ${status}): correct --url or PADDOCK_URL.`;
    throw new CommandError(message, EXIT.unreachable);
  }
  const message = `${name} answered HTTP ${status}${quoteError(status, text)}`;
  const code = GATEWAY_STATUSES.has(status) ? EXIT.unreachable : EXIT.failed;
  throw new CommandError(/[.!?]$/u.test(message) ? message : `${message}.`, code);
}
