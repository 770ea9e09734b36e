import { toObject, toText } from './reply-part.ts';

/** A tool call in an answer of Ollama's API. */
export interface ToolCall {
  readonly id: string;
  readonly function: {
    readonly index: number;
    readonly name: string;
    readonly arguments: Readonly<Record<string, unknown>>;
  };
}

interface Gathered {
  id: string;
  name: string;
  arguments: string;
}

/** Gathers tool calls that arrive in pieces. Ollama's API sends each call whole. */
export class ToolCalls {
  readonly #calls = new Map<number, Gathered>();

  /** Adds the pieces of one event. A piece without an index begins a new call if it has an ID. */
  add(pieces: readonly unknown[]): void {
    for (const piece of pieces) {
      const { index, id, function: called } = toObject(piece);
      const last = Math.max(0, this.#calls.size - (toText(id) === '' ? 1 : 0));
      const at = typeof index === 'number' ? index : last;
      const call = this.#calls.get(at) ?? { id: '', name: '', arguments: '' };
      this.#calls.set(at, call);
      const { name, arguments: given } = toObject(called);
      call.id ||= toText(id);
      call.name ||= toText(name);
      const isObject = typeof given === 'object' && given !== null;
      call.arguments += isObject ? JSON.stringify(given) : toText(given);
    }
  }

  /** Returns the calls and forgets them; or the name of a tool whose arguments are not a JSON object. */
  take(): readonly ToolCall[] | { readonly unreadable: string } {
    const calls: ToolCall[] = [];
    for (const { id, name, arguments: text } of this.#calls.values()) {
      const parsed = parseArguments(text);
      if (parsed === null) return { unreadable: name };
      calls.push({ id, function: { index: calls.length, name, arguments: parsed } });
    }
    this.#calls.clear();
    return calls;
  }
}

function parseArguments(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = text.trim() === '' ? {} : JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? toObject(value)
      : null;
  } catch {
    return null;
  }
}
