// A provider may send many megabytes of tiny values, which take JSON.parse seconds. So this reader reads large answers
// entry by entry, in steps, and stops once it has everything that the caller wants.

/** The most members that are read of one object. */
const MOST_MEMBERS = 1000;
/**
 * The longest value that is parsed whole, in characters; strings have no limit. The members of a longer entry are read
 * one at a time; any other longer value counts as null.
 */
const LONGEST = 128 * 1024;

/** The number of characters that are read in one step. */
const STEP = 16 * 1024;

/** The position in the grammar: the token that is expected next. */
type Place =
  | 'start'
  | 'first-key'
  | 'key'
  | 'colon'
  | 'value'
  | 'next'
  | 'first-entry'
  | 'entry'
  | 'next-entry'
  | 'end';

/** Objects in long entries are read member by member down to this depth. */
const MOST_DEPTH = 3;

/** Which parts of an object to read. */
interface Wanted {
  /** The number of entries to read of each array; 0 reads an array as an ordinary value. */
  readonly mostEntries: number;
  /** The array that ends the reading once it has `mostEntries` entries. In other arrays, further entries are skipped. */
  readonly list: string | null;
  /** The depth of the object in the document. */
  readonly depth: number;
}

/** Reads the text of one JSON object as it arrives. */
export class JsonReader {
  readonly #wanted: Wanted;
  readonly #value: Record<string, unknown> = {};
  #members = 0;
  #place: Place = 'start';
  #key = '';
  #entries: unknown[] = [];
  /** The start of a value that has not fully arrived. */
  #token = '';
  /** A long entry whose members must be read one at a time. */
  #long: string | null = null;
  #depth = 0;
  #isInToken = false;
  #isInString = false;
  #isEscaped = false;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  /** Whether everything that is wanted has been read. */
  isFull = false;
  /** Whether the text is not a JSON object. */
  isBroken = false;

  /** Reads the next part of the text, in steps. */
  *push(text: string): Generator<void, void, void> {
    for (let at = 0; at < text.length && !this.isFull && !this.isBroken;) {
      const part = text.slice(at, at + STEP);
      at += this.#read(part);
      const long = this.#long;
      if (long !== null) {
        const reader = new JsonReader({
          mostEntries: 0,
          list: null,
          depth: this.#wanted.depth + 1,
        });
        yield* reader.push(long);
        this.#long = null;
        this.#put(reader.end());
      }
      yield;
    }
  }

  /** Returns the value that was read, or null if the text is not a JSON object. */
  end(): unknown {
    const isWhole = this.#place === 'end' && !this.isBroken;
    return isWhole || (this.isFull && !this.isBroken) ? this.#value : null;
  }

  /** Reads the text and returns how many characters it consumed: all, unless it found a long entry, ended or failed. */
  #read(text: string): number {
    let at = 0;
    while (at < text.length && !this.isFull && !this.isBroken && this.#long === null) {
      if (this.#isInToken) at = this.#readToken(text, at);
      else if (isBlank(text.charCodeAt(at))) at = skipBlanks(text, at);
      else at = this.#readMark(text, at);
    }
    return at;
  }

  /** Continues reading a value and returns the position after it. */
  #readToken(text: string, from: number): number {
    for (let at = from; at < text.length; at += 1) {
      const char = text.charCodeAt(at);
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (char === 0x5c) this.#isEscaped = true;
        else if (char === 0x22) {
          this.#isInString = false;
          if (this.#depth === 0) return this.#endToken(text.slice(from, at + 1), at + 1);
        }
      } else if (char === 0x22) this.#isInString = true;
      else if (char === 0x7b || char === 0x5b) this.#depth += 1;
      else if (char === 0x7d || char === 0x5d) {
        // The closing bracket of the surrounding object or array ends a number or a literal.
        if (this.#depth === 0) return this.#endToken(text.slice(from, at), at);
        this.#depth -= 1;
        if (this.#depth === 0) return this.#endToken(text.slice(from, at + 1), at + 1);
      } else if (char === 0x2c && this.#depth === 0) {
        return this.#endToken(text.slice(from, at), at);
      }
    }
    this.#token += text.slice(from);
    return text.length;
  }

  #endToken(rest: string, at: number): number {
    const token = this.#token + rest;
    this.#token = '';
    this.#isInToken = false;
    this.#take(token);
    return at;
  }

  #take(token: string): void {
    const { mostEntries, depth } = this.#wanted;
    if (this.#place === 'entry' && this.#entries.length >= mostEntries) {
      this.#place = 'next-entry';
    } else if (token.length <= LONGEST || token.startsWith('"')) this.#parse(token);
    else if (depth < MOST_DEPTH && token.startsWith('{')) this.#long = token;
    else this.#put(null);
  }

  #parse(token: string): void {
    try {
      this.#put(JSON.parse(token));
    } catch {
      this.isBroken = true;
    }
  }

  #put(value: unknown): void {
    const { mostEntries, list } = this.#wanted;
    if (this.#place === 'entry') {
      this.#entries.push(value);
      this.isFull = this.#key === list && this.#entries.length >= mostEntries;
      this.#place = 'next-entry';
    } else if (this.#place === 'key') {
      this.#key = String(value);
      this.#place = 'colon';
    } else {
      this.#keep(value);
      this.#place = 'next';
    }
  }

  #keep(value: unknown): void {
    // `defineProperty` stores a member named __proto__ as an ordinary member.
    Object.defineProperty(this.#value, this.#key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
    this.#members += 1;
    this.isFull ||= this.#members >= MOST_MEMBERS;
  }

  /** Reads a punctuation mark or begins a value, and returns the position to continue from. */
  #readMark(text: string, at: number): number {
    const mark = text.charAt(at);
    const next = toNext(this.#place, mark);
    if (next === 'token' || (next === 'first-entry' && this.#wanted.mostEntries === 0)) {
      this.#place = this.#place === 'first-key' ? 'key' : this.#place;
      this.#place = this.#place === 'first-entry' ? 'entry' : this.#place;
      this.#isInToken = true;
      this.#depth = 0;
      return at;
    }
    if (next === null) this.isBroken = true;
    else {
      if (next === 'first-entry') this.#keep((this.#entries = []));
      this.#place = next;
    }
    return at + 1;
  }
}

/** Whether a character is JSON white space. */
function isBlank(char: number): boolean {
  return char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

/** Returns the place after a mark: `token` if the mark begins a value, null if it is not allowed there. */
function toNext(place: Place, mark: string): Place | 'token' | null {
  switch (place) {
    case 'start':
      return mark === '{' ? 'first-key' : null;
    case 'first-key':
      return mark === '}' ? 'end' : mark === '"' ? 'token' : null;
    case 'key':
      return mark === '"' ? 'token' : null;
    case 'colon':
      return mark === ':' ? 'value' : null;
    case 'value':
      return mark === '[' ? 'first-entry' : 'token';
    case 'next':
      return mark === ',' ? 'key' : mark === '}' ? 'end' : null;
    case 'first-entry':
      return mark === ']' ? 'next' : 'token';
    case 'entry':
      return 'token';
    case 'next-entry':
      return mark === ',' ? 'entry' : mark === ']' ? 'next' : null;
    case 'end':
      return null;
  }
}
