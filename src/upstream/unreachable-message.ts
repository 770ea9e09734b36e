import { toChain } from '../errors.ts';
import type { Provider } from '../registry/provider.ts';

const REFUSED = 'refused the connection: check that its server is running';
const NO_ROUTE = 'cannot be reached from here: check that the machine is awake and on the network';
const NOT_IN_TIME =
  'did not accept a connection in time: check that the machine is awake and on the network';
const CLOSED =
  'closed the connection before it answered: check whether its server has ended or restarted';
const NO_TLS = 'does not speak TLS: check the scheme of its DSN';
const BAD_CERTIFICATE = 'has a certificate that is not trusted: check the certificate';

/** The reasons why a connection failed, by error code of Node and Bun. Each text follows the provider's name. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: REFUSED,
  ConnectionRefused: REFUSED,
  ENOTFOUND: 'has an unknown host name: check that the machine is on the network',
  EAI_AGAIN: 'has a host name that could not be looked up: check the network and its DNS',
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  UND_ERR_CONNECT_TIMEOUT: NOT_IN_TIME,
  ETIMEDOUT: NOT_IN_TIME,
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
  UND_ERR_SOCKET: CLOSED,
  UND_ERR_HEADERS_OVERFLOW: 'sent too many headers: check the server',
  EPROTO: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_TLS_CERT_ALTNAME_INVALID: BAD_CERTIFICATE,
  CERT_HAS_EXPIRED: BAD_CERTIFICATE,
  DEPTH_ZERO_SELF_SIGNED_CERT: BAD_CERTIFICATE,
  SELF_SIGNED_CERT_IN_CHAIN: BAD_CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: BAD_CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: BAD_CERTIFICATE,
};

const UNKNOWN =
  'could not be reached, or closed the connection before it answered: check that its server is running';

/** Returns the message for a failed connection. */
export function toUnreachableMessage(
  cause: unknown,
  { name, kind }: Pick<Provider, 'name' | 'kind'>,
): string {
  const codes = toChain(cause).map((at) => String(Object(at).code));
  const reason = codes.map((code) => REASONS[code]).find((known) => known !== undefined) ?? UNKNOWN;
  return `${name} ${reason}, and its address in ${kind.settings.address}. The request was not retried.`;
}
