import { parseJson, toOwnError } from '../client/read-answer.ts';
import { quoteError } from '../upstream/quote-error.ts';
import { CommandError, EXIT } from './exit-codes.ts';

const GATEWAY_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

/** An error of a provider that Paddock passed on. */
export class ProviderError extends CommandError {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message, GATEWAY_STATUSES.has(status) ? EXIT.unreachable : EXIT.failed);
    this.status = status;
  }
}

/** Returns a successful answer. Throws the error of Paddock, or a `CommandError` for any other error. */
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
  throw new ProviderError(/[.!?]$/u.test(message) ? message : `${message}.`, status);
}
