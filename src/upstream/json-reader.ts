// A provider may send many megabytes of tiny values, which take JSON.parse seconds. So this reader reads large answers
// entry by entry, in steps, and stops once it has everything that the caller wants.

/** The most members that are read of one object. */
const MAX_MEMBERS = 1000;
/**
 * The longest value that is parsed whole, in characters; strings have no limit. The members of a longer object are read
 * one at a time, down to `MAX_DEPTH`; any other longer value counts as null.
 */
const LONGEST = 128 * 1024;
const MAX_DEPTH = 3;

/** The number of characters that are read in one step. */
const STEP = 16 * 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Which parts of an object to read. */
interface Wanted {
  /** The number of entries to read of each array; 0 reads an array as an ordinary value. */
  readonly maxEntries: number;
  /** The array that ends the reading once it has `maxEntries` entries. In other arrays, further entries are skipped. */
  readonly list: string | null;
  /** The depth of the object in the document. */
  readonly depth: number;
}

/** How the reading of an object ended: with all wanted parts, the whole text, too early, or with invalid JSON. */
export type ReadEnd = 'full' | 'whole' | 'cut-off' | 'broken';

/** Reads a text that is one JSON object. */
export class JsonReader {
  /** The members that were read. */
  readonly value: Record<string, unknown> = {};
  readonly #text: string;
  readonly #wanted: Wanted;
  #at = 0;
  #nextStep = STEP;
  #isFull = false;
  /** Whether the text is not JSON before its end. */
  #isBroken = false;

  constructor(text: string, wanted: Wanted) {
    this.#text = text;
    this.#wanted = wanted;
  }

  /** Reads the object, once, in steps. */
  *read(): Generator<void, ReadEnd, void> {
    if (!this.#takes('{')) return this.#toEnd();
    if (this.#takes('}')) return this.#toEnd({ isClosed: true });
    let members = 0;
    do {
      const key = this.#isAt('"') ? yield* this.#readValue() : undefined;
      if (typeof key !== 'string' || !this.#takes(':')) return this.#toEnd();
      const isRead = yield* this.#readMember(key);
      members += 1;
      if (!isRead) return this.#toEnd();
      if (this.#isFull || members >= MAX_MEMBERS) return 'full';
    } while (this.#takes(','));
    return this.#toEnd({ isClosed: this.#takes('}') });
  }

  #toEnd({ isClosed = false } = {}): ReadEnd {
    this.#skipBlanks();
    const hasMore = this.#at < this.#text.length;
    if (this.#isBroken || hasMore) return 'broken';
    return isClosed ? 'whole' : 'cut-off';
  }

  /** Reads a member's value. Returns whether its end was found. */
  *#readMember(key: string): Generator<void, boolean, void> {
    if (this.#wanted.maxEntries > 0 && this.#isAt('[')) return yield* this.#readEntries(key);
    const value = yield* this.#readValue();
    if (value !== undefined) this.#keep(key, value);
    return value !== undefined;
  }

  *#readEntries(key: string): Generator<void, boolean, void> {
    const { maxEntries, list } = this.#wanted;
    const start = this.#at;
    const entries: unknown[] = [];
    this.#keep(key, entries);
    this.#at += 1;
    if (this.#takes(']')) return true;
    do {
      if (entries.length >= maxEntries) {
        this.#at = yield* this.#findEnd(start);
        return this.#at < this.#text.length;
      }
      const entry = yield* this.#readValue();
      if (entry === undefined) return false;
      entries.push(entry);
      this.#isFull = key === list && entries.length >= maxEntries;
    } while (!this.#isFull && this.#takes(','));
    return this.#isFull || this.#takes(']');
  }

  /** Reads a value; undefined if the text ends within it or it is not JSON. */
  *#readValue(): Generator<void, unknown, void> {
    this.#skipBlanks();
    const start = this.#at;
    this.#at = yield* this.#findEnd(start);
    if (this.#at === this.#text.length) return undefined;
    const token = this.#text.slice(start, this.#at);
    if (token.length <= LONGEST || token.startsWith('"')) return this.#parse(token);
    const depth = this.#wanted.depth + 1;
    if (depth > MAX_DEPTH || !token.startsWith('{')) return null;
    const reader = new JsonReader(token, { maxEntries: 0, list: null, depth });
    const end = yield* reader.read();
    return end === 'whole' || end === 'full' ? reader.value : null;
  }

  #parse(token: string): unknown {
    try {
      return JSON.parse(token) as unknown;
    } catch {
      this.#isBroken = true;
      return undefined;
    }
  }

  /** Finds the end of the value at `start`. Returns the length of the text if the value goes on there. */
  *#findEnd(start: number): Generator<void, number, void> {
    const text = this.#text;
    let depth = 0;
    let isInString = false;
    for (let at = start; at < text.length; at += 1) {
      if (at >= this.#nextStep) {
        this.#nextStep = at + STEP;
        yield;
      }
      const char = text.charCodeAt(at);
      if (isInString) {
        if (char === BACKSLASH) at += 1;
        else if (char === QUOTE) isInString = false;
        if (isInString || depth > 0) continue;
        return at + 1;
      }
      if (char === QUOTE) isInString = true;
      else if (char === OPEN_BRACE || char === OPEN_BRACKET) depth += 1;
      else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) {
        // The closing bracket of the surrounding object or array ends a number or a literal.
        if (depth === 0) return at;
        depth -= 1;
        if (depth === 0) return at + 1;
      } else if (char === COMMA && depth === 0) return at;
    }
    return text.length;
  }

  #keep(key: string, value: unknown): void {
    // `defineProperty` stores a member named __proto__ as an ordinary member.
    const member = { value, configurable: true, enumerable: true, writable: true };
    Object.defineProperty(this.value, key, member);
  }

  #takes(mark: string): boolean {
    const isNext = this.#isAt(mark);
    if (isNext) this.#at += 1;
    return isNext;
  }

  #isAt(mark: string): boolean {
    this.#skipBlanks();
    return this.#text[this.#at] === mark;
  }

  #skipBlanks(): void {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at += 1;
  }
}

/** Whether a character is JSON white space. */
function isBlank(char: number): boolean {
  return char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09;
}
