import { PROVIDER_KINDS, type Provider } from '../registry/provider.ts';
import type { JsonAnswer } from '../upstream/get-json.ts';
import { toRefusedMessage } from '../upstream/refused-message.ts';
import { MOST_MODELS } from './read-records.ts';

/** Why a provider shows no models. */
export interface ProbeFault {
  readonly status: 'offline' | 'unauthorized' | 'invalid';
  readonly error: { readonly code: string; readonly message: string };
}

type Probed = Pick<Provider, 'name' | 'kind' | 'token' | 'timeoutMs'>;

/** Says in one sentence, without its address, what is wrong at a provider and what would mend it. */
export function toProbeFault(answer: JsonAnswer, provider: Probed): ProbeFault {
  const { name, timeoutMs, kind } = provider;
  const { mend } = PROVIDER_KINDS[kind];
  switch (answer.kind) {
    case 'timeout':
      return offline(
        'provider_timeout',
        `${name} did not answer within ${timeoutMs} ms: it may be asleep, or need a longer timeout in ${mend.timeout}.`,
      );
    case 'unreachable':
      return offline(
        'provider_unreachable',
        `${name} could not be reached: check that it is running, and its host and port in ${mend.address}.`,
      );
    case 'exhausted':
      return offline(
        'overloaded',
        `${name} could not be asked, because Paddock has no file descriptors left: raise its limit (LimitNOFILE in systemd, ulimit -n).`,
      );
    case 'cut-off':
      return offline(
        'provider_unreachable',
        `${name} broke off in the middle of its answer: check the server there and the network between.`,
      );
    case 'invalid-answer':
      return invalid(
        `${name} ${answer.sent}: check what answers at its address in ${mend.address}.`,
      );
    case 'status':
      return toStatusFault(answer.status, provider);
    case 'redirect':
      return invalid(
        `${name} answered with a redirect, which is not followed: write the address it leads to in ${mend.address}.`,
      );
    case 'too-large':
      return invalid(
        `${name} sent more than 8 MiB where a model list was expected: check its port and base path in ${mend.address}.`,
      );
    case 'not-json':
    case 'json':
      return invalid(
        `${name} answered something other than a model list: check its port and base path in ${mend.address}.`,
      );
  }
}

/** Says in one sentence that a provider lists more models than are shown. */
export function toOverlongNote({ name }: Pick<Provider, 'name'>): ProbeFault['error'] {
  const most = MOST_MODELS.toLocaleString('en');
  const message = `${name} lists more than ${most} models: the first ${most} are shown, and the others can only be asked for by name.`;
  return { code: 'too_many_models', message };
}

function toStatusFault(status: number, provider: Probed): ProbeFault {
  const { name, kind } = provider;
  const { mend } = PROVIDER_KINDS[kind];
  if (status === 401 || status === 403) {
    const message = toRefusedMessage(provider, status);
    return { status: 'unauthorized', error: { code: 'unauthorized', message } };
  }
  // What a reverse proxy answers for a server that is not there.
  if (status >= 502 && status <= 504) {
    return offline(
      'provider_unreachable',
      `${name} answered HTTP ${status} in place of its model list: check that the server behind it is running.`,
    );
  }
  return invalid(
    `${name} answered HTTP ${status} in place of its model list: check its port and base path in ${mend.address}.`,
  );
}

/** Whether a probe says nothing of its provider, because Paddock itself could not ask. */
export function isUnasked({ error }: { readonly error: ProbeFault['error'] | null }): boolean {
  return error?.code === 'overloaded';
}

function offline(code: string, message: string): ProbeFault {
  return { status: 'offline', error: { code, message } };
}

function invalid(message: string): ProbeFault {
  return { status: 'invalid', error: { code: 'invalid_response', message } };
}
