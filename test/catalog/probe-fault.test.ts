import { describe, expect, it, test } from 'vitest';
import { toProbeFault, type ProbeFault } from '../../src/catalog/probe-fault.ts';
import type { Provider } from '../../src/registry/provider.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import type { JsonAnswer } from '../../src/upstream/get-json.ts';

const environment = {
  PROVIDERS: 'lab=llama-swap://zqsecretkey@secret-host:7777/base?timeout=1234 open=openai://o',
  DEEPSEEK_API_KEY: 'zqsecretkey',
};
const { providers } = parseSettings(environment).registry;

function faultOf(answer: JsonAnswer, name = 'lab'): ProbeFault {
  return toProbeFault(answer, providers.get(name) as Provider);
}

const rows: [string, JsonAnswer, [ProbeFault['status'], string, RegExp]][] = [
  ['a timeout', { kind: 'timeout' }, ['offline', 'provider_timeout', /1234 ms/]],
  [
    'a refused connection',
    { kind: 'unreachable', cause: new Error('connect ECONNREFUSED secret-host:7777') },
    ['offline', 'provider_unreachable', /could not be reached/],
  ],
  [
    'an answer that breaks off',
    { kind: 'cut-off', cause: new Error('terminated') },
    ['offline', 'provider_unreachable', /broke off/],
  ],
  ['a redirect', { kind: 'redirect' }, ['invalid', 'invalid_response', /redirect/]],
  ['too much', { kind: 'too-large' }, ['invalid', 'invalid_response', /8 MiB/]],
  ['text', { kind: 'not-json' }, ['invalid', 'invalid_response', /other than a model list/]],
  ['other JSON', { kind: 'json', value: 'zq' }, ['invalid', 'invalid_response', /model list/]],
  ['HTTP 401', { kind: 'status', status: 401 }, ['unauthorized', 'unauthorized', /HTTP 401/]],
  ['HTTP 403', { kind: 'status', status: 403 }, ['unauthorized', 'unauthorized', /HTTP 403/]],
  ['HTTP 404', { kind: 'status', status: 404 }, ['invalid', 'invalid_response', /HTTP 404/]],
  ['HTTP 500', { kind: 'status', status: 500 }, ['invalid', 'invalid_response', /HTTP 500/]],
  ['no file descriptors left', { kind: 'exhausted' }, ['offline', 'overloaded', /LimitNOFILE/]],
  ['HTTP 502', { kind: 'status', status: 502 }, ['offline', 'provider_unreachable', /HTTP 502/]],
  ['HTTP 503', { kind: 'status', status: 503 }, ['offline', 'provider_unreachable', /HTTP 503/]],
  ['HTTP 504', { kind: 'status', status: 504 }, ['offline', 'provider_unreachable', /HTTP 504/]],
];

describe('a provider that answers with', () => {
  it.each(rows)('%s is said to have that fault', (...[, answer, [status, code, words]]) => {
    const fault = faultOf(answer);
    expect(fault).toMatchObject({ status, error: { code } });
    expect(fault.error.message).toMatch(words);
  });

  it.each(rows)('%s is told of in one sentence, without address, token or cause', (_, answer) => {
    const { message } = faultOf(answer).error;
    expect(message).toMatch(/^lab [^.\n]*\.$/);
    expect(message).not.toMatch(/secret|7777|ECONN|terminated/);
  });
});

describe('what would mend a refusal', () => {
  const refused = { kind: 'status', status: 401 } as const;

  test('is a key where there is none', () => {
    expect(faultOf(refused, 'open').error.message).toMatch(
      /put its key before its host, as key@host/,
    );
  });

  test('is another key where there is one', () => {
    expect(faultOf(refused).error.message).toMatch(/correct its key in PROVIDERS/);
  });

  test('is DEEPSEEK_API_KEY for the cloud, which has no entry in PROVIDERS', () => {
    const { message } = faultOf(refused, 'deepseek').error;
    expect(message).toMatch(/DEEPSEEK_API_KEY/);
    expect(message).not.toMatch(/PROVIDERS/);
  });
});
