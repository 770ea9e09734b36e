import { PaddockError } from '../errors.ts';

/** The options that OpenAI's API or llama.cpp's server has too, under the same names. */
const NAMES =
  'temperature top_p top_k min_p typical_p repeat_last_n repeat_penalty presence_penalty frequency_penalty';
const NUMBERS: ReadonlySet<string> = new Set(NAMES.split(' '));

/**
 * Converts the options of a request to the fields of OpenAI's API. It ignores options for loading a model, such as
 * `num_ctx`, which the provider's own settings decide, and unknown options, as Ollama does.
 * @throws {PaddockError} `invalid_request` if an option has the wrong type
 */
export function toOptions(
  options: Readonly<Record<string, unknown>> | null | undefined,
): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options ?? {})) {
    if (value === null) continue;
    if (NUMBERS.has(name)) fields[name] = requireNumber(name, value);
    else if (name === 'stop') fields['stop'] = requireTexts(value);
    else if (name === 'seed' || name === 'num_predict') {
      // A negative number means Ollama's default: any seed, no limit. For Ollama, 0 is no limit either.
      const number = Math.trunc(requireNumber(name, value));
      if (name === 'seed' && number >= 0) fields['seed'] = number;
      if (name === 'num_predict' && number > 0) fields['max_tokens'] = number;
    }
  }
  return fields;
}

function requireNumber(name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw invalid(`The option "${name}" is not a number.`);
}

function requireTexts(value: unknown): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (texts.every((text) => typeof text === 'string')) return texts;
  throw invalid('The option "stop" is not a list of strings.');
}

function invalid(message: string): PaddockError {
  return new PaddockError('invalid_request', message, { param: 'options' });
}
