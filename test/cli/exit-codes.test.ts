import { CommanderError } from 'commander';
import { expect, it } from 'vitest';
import { CommandError, EXIT, toExitCode, type ExitCode } from '../../src/cli/exit-codes.ts';
import { toFailureMessage } from '../../src/cli/to-failure-message.ts';
import { PaddockApiError } from '../../src/client/paddock-api-error.ts';
import type { ErrorCode } from '../../src/errors.ts';
import { SettingsError } from '../../src/settings/settings-error.ts';

const CODES: Record<ErrorCode, ExitCode> = {
  invalid_request: 2,
  invalid_model_id: 2,
  model_required: 2,
  unknown_provider: 2,
  no_providers: 2,
  unauthorized: 2,
  forbidden_host: 2,
  forbidden_key: 2,
  provider_unreachable: 3,
  provider_timeout: 3,
  database_unavailable: 3,
  shutting_down: 3,
  overloaded: 3,
  upstream_timeout: 3,
  unsupported_by_runtime: 1,
  not_found: 1,
  method_not_allowed: 1,
  conflict: 1,
  unsupported_by_provider: 1,
  body_too_large: 1,
  internal_error: 1,
  invalid_response: 1,
  forbidden_origin: 1,
  request_timeout: 1,
  uri_too_long: 1,
  headers_too_large: 1,
  rate_limit_exceeded: 1,
};

const refusal = (code: ErrorCode | null, message = 'It failed.') =>
  new PaddockApiError(message, { status: 400, code, param: null });

it.each(Object.entries(CODES))('%s ends with %d', (code, exit) => {
  expect(toExitCode(refusal(code as ErrorCode))).toBe(exit);
});

it.each([
  ['an answer that is not Paddock’s', refusal(null), EXIT.unreachable],
  ['faults of the settings', new SettingsError([]), EXIT.usage],
  ['an error of a command', new CommandError('No.', EXIT.unreachable), EXIT.unreachable],
  ['requested help', new CommanderError(0, 'commander.help', ''), EXIT.done],
  ['help for a missing command', new CommanderError(1, 'commander.help', ''), EXIT.usage],
  ['an unexpected error', new TypeError('x is undefined'), EXIT.failed],
  ['a thrown string', 'x', EXIT.failed],
])('%s ends with its code', (_what, error, exit) => {
  expect(toExitCode(error)).toBe(exit);
});

it('prints the message of a failure, without control characters', () => {
  expect(toFailureMessage(refusal('conflict', 'a\u{1b}[31m is full.'))).toBe(
    'a\u{fffd}[31m is full.',
  );
  const faults = [{ variable: 'PORT', message: 'no' }];
  expect(toFailureMessage(new SettingsError(faults))).toBe('The settings have faults:\n  PORT: no');
});

it('mentions the demo, and how to ask it, when no providers are set', () => {
  expect(toFailureMessage(refusal('no_providers', 'None.'))).toBe(
    'None.\nTo try Paddock without providers: paddock demo\nTo ask a running Paddock, such as the demo: --url http://127.0.0.1:8400',
  );
});

it('mentions PADDOCK_API_KEY when the key is missing', () => {
  expect(toFailureMessage(refusal('unauthorized', 'Send one.'))).toBe(
    'Send one.\nThese commands send the key in PADDOCK_API_KEY.',
  );
});

it('reports an unexpected error in one line, without a stack', () => {
  const message = toFailureMessage(new TypeError('x is undefined'));
  expect(message).toMatch(/^Unexpected error in paddock .*\(x is undefined\)\..*PADDOCK_URL/);
  expect(message).not.toContain('\n');
});
