import type { Json } from '../json.ts';
import { compilePattern } from './compile-pattern.ts';
import { toFormattedText } from './to-formatted-text.ts';
import { toMatchingText } from './to-matching-text.ts';

/** The longest prompt that a text quotes, unless the schema wants more. */
const MAX_QUOTE = 200;
const MAX_LENGTH = 10_000;

/** Returns a text that fits a schema: in its format, or by its pattern, or the prompt in the right length. */
export function toText(schema: Json, about: { prompt: string; index: number }): string {
  const { format, pattern } = schema;
  const min = toLength(schema['minLength'], 0);
  const max = toLength(schema['maxLength'], Infinity);
  const formatted = toFormattedText(format, about.index + 1);
  const regex = typeof pattern === 'string' ? compilePattern(pattern) : undefined;
  if (formatted !== undefined && regex?.test(formatted) !== false) return formatted;
  const matching = regex && toMatchingText(regex.source, { min, max, variant: about.index });
  return matching ?? quote(about, { min, max });
}

function toLength(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function quote(
  { prompt, index }: { prompt: string; index: number },
  { min, max }: { min: number; max: number },
): string {
  const words = prompt.trim().replaceAll(/\s+/gu, ' ');
  const text = index === 0 ? words : `${index + 1}: ${words}`;
  const length = Math.min(min, MAX_LENGTH);
  const characters = [...(min === 0 ? text : text.padEnd(2 * length, ` ${text || 'text'}`))];
  const size = Math.min(max, Math.max(length, [...text].length, 0));
  return characters.slice(0, Math.min(size, Math.max(length, MAX_QUOTE))).join('');
}
