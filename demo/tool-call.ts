import { toSample } from './json-schema/to-sample.ts';
import { toObject } from './json.ts';

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
  /** The names of the tools that were called since the prompt. */
  called: string[];
  choice: ToolChoice;
  /** The last text part of the user's last message. */
  prompt: string;
}

/**
 * Picks the tool call. Unlike a real model, it is predictable for tests: it calls the named choice, else the first tool
 * that the prompt names, else the first tool if a call is required. It calls each tool at most once for a prompt, and
 * after a call it makes another only if one is required.
 */
export function pickToolCall({ called, ...options }: ToolOptions): ToolCall | undefined {
  const { choice, prompt } = options;
  if (choice === 'none' || (choice === 'auto' && called.length > 0)) return undefined;
  const tools = options.tools.filter(({ name }) => !called.includes(name));
  const named =
    typeof choice === 'object'
      ? tools.find(({ name }) => name === choice.name)
      : tools.find(({ name }) => isNamed(name, prompt));
  const tool = named ?? (choice === 'required' ? tools[0] : undefined);
  return tool && { name: tool.name, arguments: writeArguments(tool, prompt) };
}

const PLAIN_WORD = /^[A-Z]?[a-z]+$/u;

/** Whether a prompt names a tool. A plain word, as in "Write a poem", names one only after "use" or "call". */
function isNamed(name: string, prompt: string): boolean {
  if (name === '') return false;
  const start = PLAIN_WORD.test(name) ? /\b(?:use|call)\s+(?:the\s+)?[`"']?$/iu : /(?<![\w-])$/u;
  const [first = '', ...others] = prompt.split(name);
  let before = first;
  for (const after of others) {
    if (start.test(before) && !/^[\w-]/u.test(after)) return true;
    before = after;
  }
  return false;
}

/** Writes an object with what the schema requires, or with all it has if it requires nothing. */
function writeArguments(tool: Tool, prompt: string): string {
  const schema = toObject(tool.schema);
  const required = [schema['required'] ?? []].flat();
  const options = { prompt, onlyRequired: required.length > 0 };
  return JSON.stringify(toSample({ type: 'object', ...schema }, options));
}
