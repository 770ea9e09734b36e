import { toObject, toObjects, toTexts } from './json.ts';
import type { Json } from './json.ts';
import { createTextRequest } from './text-request.ts';
import type { Message, TextRequest } from './text-request.ts';
import type { ToolChoice } from './tool-call.ts';

/** Reads a request of `/v1/responses`. Returns an error message if it is invalid. */
export function readResponses(json: Json): TextRequest | string {
  const { input, instructions } = json;
  if (typeof input !== 'string' && !Array.isArray(input)) return "'input' is required";
  const messages =
    typeof input === 'string' ? [{ role: 'user', texts: [input] }] : readItems(input);
  return createTextRequest({
    json,
    messages: [{ role: 'system', texts: toTexts(instructions) }, ...messages],
    limit: json['max_output_tokens'],
    tools: toObjects(json['tools'])
      .filter(({ type }) => type === 'function')
      .map(({ name, parameters }) => ({ name: String(name), schema: parameters })),
    choice: readChoice(json['tool_choice']),
    format: toObject(json['text'])['format'],
    reasons: toObject(json['reasoning'])['effort'] !== 'none',
  });
}

function readItems(input: unknown[]): Message[] {
  return toObjects(input).map(({ type, role, content, output, name }) => {
    if (type === 'function_call_output') return { role: 'tool', texts: toTexts(output) };
    if (type === 'function_call') return { role: 'assistant', texts: [], calls: [String(name)] };
    return { role: String(role), texts: toTexts(content) };
  });
}

function readChoice(choice: unknown): ToolChoice {
  if (choice === 'none' || choice === 'required') return choice;
  const { name } = toObject(choice);
  return typeof name === 'string' ? { name } : 'auto';
}
