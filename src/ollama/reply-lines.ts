import { EventReader } from './event-reader.ts';
import { addCounts, readReplyPart, type ReplyCounts, type ReplyPart } from './reply-part.ts';
import {
  NO_TEXT,
  toDoneReason,
  toReplyLine,
  type ReplySource,
  type ReplyText,
} from './to-reply-line.ts';
import { ToolCalls } from './tool-calls.ts';

const NO_COUNTS: ReplyCounts = { prompt: null, promptMs: null, output: null, outputMs: null };

/** Converts a provider's event stream to the lines of Ollama's: a line for each event that adds text. */
export class ReplyLines {
  readonly #source: ReplySource;
  readonly #events = new EventReader();
  readonly #calls = new ToolCalls();
  #counts = NO_COUNTS;
  #finish: string | null = null;
  #firstAt: number | null = null;
  #state: 'open' | 'complete' | 'failed' = 'open';

  constructor(source: ReplySource) {
    this.#source = source;
  }

  /** Whether the last line says that the reply is complete, or that it failed; `open` before. */
  get state(): 'open' | 'complete' | 'failed' {
    return this.#state;
  }

  /** Returns the lines for bytes of the stream. */
  add(bytes: Uint8Array): string {
    return this.#convert(this.#events.read(bytes));
  }

  /** Returns the lines for the end of the stream. Without a last event, the reply failed. */
  end(): string {
    const lines = this.#convert(this.#events.end());
    if (this.#state !== 'open') return lines;
    if (this.#finish !== null) return lines + this.#complete();
    return lines + this.fail(`${this.#source.provider} ended its answer early.`);
  }

  /** Returns the line for an error, after which the reply has no more lines. */
  fail(message: string): string {
    if (this.#state !== 'open') return '';
    this.#state = 'failed';
    return toLine({ error: message });
  }

  #convert(events: readonly string[]): string {
    let lines = '';
    for (const data of events) {
      if (this.#state !== 'open') break;
      lines += data === '[DONE]' ? this.#complete() : this.#convertEvent(data);
    }
    return lines;
  }

  #convertEvent(data: string): string {
    const value = parse(data);
    if (value === undefined) {
      return this.fail(`${this.#source.provider} sent an event that is not JSON.`);
    }
    const part = readReplyPart(value);
    if (part.error !== null) return this.fail(part.error);
    this.#counts = addCounts(this.#counts, part);
    this.#calls.add(part.toolCalls);
    this.#finish = part.finish ?? this.#finish;
    return this.#write(part);
  }

  #write({ content, thinking, logprobs, toolCalls, finish }: ReplyPart): string {
    const adds = content !== '' || thinking !== '' || logprobs.length > 0;
    if (adds || toolCalls.length > 0) this.#firstAt ??= this.#source.elapsed();
    const calls = finish === null ? [] : this.#calls.take();
    if ('unreadable' in calls) return this.#failCall(calls.unreadable);
    if (!adds && calls.length === 0) return '';
    return this.#toLine({ content, thinking, logprobs, toolCalls: calls });
  }

  #complete(): string {
    const calls = this.#calls.take();
    if ('unreadable' in calls) return this.#failCall(calls.unreadable);
    const late = calls.length === 0 ? '' : this.#toLine({ ...NO_TEXT, toolCalls: calls });
    this.#state = 'complete';
    const endedAt = this.#source.elapsed();
    const end = {
      reason: toDoneReason(this.#finish),
      counts: this.#counts,
      firstAt: this.#firstAt ?? endedAt,
      endedAt,
    };
    return late + toLine(toReplyLine(this.#source, { text: NO_TEXT, end }));
  }

  #failCall(name: string): string {
    return this.fail(toCallMessage(this.#source.provider, name));
  }

  #toLine(text: ReplyText): string {
    return toLine(toReplyLine(this.#source, { text, end: null }));
  }
}

/** Returns the message for a tool call whose arguments cannot be read. */
export function toCallMessage(provider: string, tool: string): string {
  return `${provider} called the tool "${tool}" with arguments that are not a JSON object.`;
}

function toLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}
