import { toObject, toObjects } from './json.ts';

/** A function that the client offers, whichever API described it. */
export interface Tool {
  name: string;
  /** The JSON schema of its arguments. */
  schema: unknown;
}

/** Whether a function is to be called: `required` is any of them, a name is that one. */
export type ToolChoice = 'none' | 'auto' | 'required' | { name: string };

/** A call that the model makes. */
export interface ToolCall {
  name: string;
  /** JSON, as the APIs carry it. */
  arguments: string;
}

/** What decides about a call. */
interface ToolOptions {
  tools: Tool[];
  choice: ToolChoice;
  /** What the user said last. */
  prompt: string;
}

/**
 * Decides as no real model would, but so that a test can foretell it: a named choice is called;
 * otherwise the first tool whose name the prompt holds; otherwise, when a call is required, the
 * first tool of all.
 */
export function pickToolCall({ tools, choice, prompt }: ToolOptions): ToolCall | undefined {
  if (choice === 'none') return undefined;
  const named = typeof choice === 'object' ? choice.name : undefined;
  const mentioned = tools.find(({ name }) =>
    named === undefined ? name !== '' && prompt.includes(name) : name === named,
  );
  const tool = mentioned ?? (choice === 'required' ? tools[0] : undefined);
  if (!tool) return undefined;
  return { name: tool.name, arguments: JSON.stringify(toSample(tool.schema, prompt)) };
}

/** A value that fits a simple schema: texts are the prompt, numbers 1, truths true, lists empty. */
function toSample(value: unknown, prompt: string): unknown {
  const [first = value] = toObjects(toObject(value)['anyOf']);
  const schema = toObject(first);
  const choices = schema['enum'];
  if (Array.isArray(choices)) return choices[0];
  switch ([schema['type']].flat()[0]) {
    case 'string':
      return prompt;
    case 'number':
    case 'integer':
      return 1;
    case 'boolean':
      return true;
    case 'array':
      return [];
    default: {
      const properties = Object.entries(toObject(schema['properties']));
      return Object.fromEntries(properties.map(([key, inner]) => [key, toSample(inner, prompt)]));
    }
  }
}
