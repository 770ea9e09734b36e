import { findSchema } from './json-schema/find-schema.ts';
import { toObject } from './json.ts';
import type { Json } from './json.ts';

/** The schema of an answer if a request asks for JSON without a schema. */
const ANY_OBJECT: Json = {
  type: 'object',
  properties: { answer: { type: 'string' } },
};

/** How clients without another way ask for JSON: in the prompt, with the schema behind these words. */
const IN_PROMPT = /\b(?:json|output)[ _]schema\b[^{]{0,60}\{/giu;

/**
 * Returns the JSON schema of the output that a request asks for: of its `format`, in the form of any API, or of its texts.
 * Returns `undefined` for plain text, and a message for an unknown format.
 */
export function readOutputFormat(format: unknown, transcript: string): Json | string | undefined {
  const { type = 'text', schema, json_schema: named } = toObject(format);
  if (type === 'text') {
    const asked = [...transcript.matchAll(IN_PROMPT)].at(-1);
    return asked && findSchema(transcript.slice(asked.index));
  }
  if (type !== 'json_schema' && type !== 'json_object') {
    return `response_format type must be one of "text" or "json_object", but got: ${String(type)}`;
  }
  const given = toObject(schema ?? toObject(named)['schema']);
  if (Object.keys(given).length > 0) return given;
  return (type === 'json_object' ? findSchema(transcript) : undefined) ?? ANY_OBJECT;
}

/** Returns the output format of llama-server's own field `json_schema`, or of OpenAI's. */
export function readNativeFormat(json: Json): unknown {
  const schema = json['json_schema'];
  return schema === undefined ? json['response_format'] : { type: 'json_schema', schema };
}
