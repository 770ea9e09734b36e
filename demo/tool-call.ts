import { toObject, toObjects } from './json.ts';

/** A function that the client offers, independent of the API. */
export interface Tool {
  name: string;
  /** The JSON schema of its arguments. */
  schema: unknown;
}

/** Whether the model must call a function: `required` means any function, a name means that one. */
export type ToolChoice = 'none' | 'auto' | 'required' | { name: string };

/** A call that the model makes. */
export interface ToolCall {
  name: string;
  /** JSON text, as in the APIs. */
  arguments: string;
}

/** The inputs of the choice of a call. */
interface ToolOptions {
  tools: Tool[];
  choice: ToolChoice;
  /** The user's last message. */
  prompt: string;
}

/**
 * Picks the tool call. Unlike a real model, it is predictable for tests: it calls the named choice, else the first tool
 * whose name the prompt contains, else the first tool if a call is required.
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

/** Returns a value that fits a simple schema: the prompt for strings, 1 for numbers, true for booleans, empty arrays. */
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
