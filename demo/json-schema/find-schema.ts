import { parseObject } from '../json.ts';
import type { Json } from '../json.ts';

const KEYWORDS = ['properties', '$ref', 'allOf', 'anyOf', 'oneOf', 'items', 'enum'];
const MAX_TRIES = 100;

/** Returns the first JSON schema in a text: some clients write the schema into the prompt. */
export function findSchema(text: string): Json | undefined {
  let at = text.indexOf('{');
  for (let tries = 0; at >= 0 && tries < MAX_TRIES; tries += 1) {
    const end = findEnd(text, at);
    const json = end === undefined ? undefined : parseObject(text.slice(at, end));
    if (
      json &&
      KEYWORDS.some(
        (keyword) => typeof json[keyword] === 'object' || (keyword === '$ref' && keyword in json),
      )
    )
      return json;
    at = text.indexOf('{', json && end !== undefined ? end : at + 1);
  }
  return undefined;
}

/** Returns the position after the brace that closes the one at `start`. */
function findEnd(text: string, start: number): number | undefined {
  const tokens = /"(?:\\.|[^"\\])*"|[{}]/gsu;
  tokens.lastIndex = start;
  let depth = 0;
  for (let found = tokens.exec(text); found; found = tokens.exec(text)) {
    if (found[0] === '{') depth += 1;
    if (found[0] === '}') depth -= 1;
    if (depth === 0) return tokens.lastIndex;
  }
  return undefined;
}
