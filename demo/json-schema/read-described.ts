import type { Json } from '../json.ts';

const KEYWORDS = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minItems',
  'maxItems',
  'uniqueItems',
]);

/** Returns the keywords at the end of a description, as in `{minimum: 3}`: Anthropic's clients move some there. */
export function readDescribed({ description }: Json): Json {
  if (typeof description !== 'string') return {};
  const [, text = ''] = /(?:^|\n\n)\{([^\n]*)\}$/u.exec(description) ?? [];
  const entries = text.split(/, (?=\w+: )/u).map((entry): [string, unknown] => {
    const [name = '', ...value] = entry.split(': ');
    return [name, readValue(value.join(': '))];
  });
  return Object.fromEntries(entries.filter(([name]) => KEYWORDS.has(name)));
}

/** Reads JSON, as the client for JavaScript writes it, or text, as the one for Python does. */
function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
