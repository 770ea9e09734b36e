// What a provider sends may be many megabytes of the smallest values, which take JSON.parse seconds. So large answers are
// read entry by entry, in steps, and no further than anybody wants.

/** Of one object no more members are read than this. */
const MOST_MEMBERS = 1000;
/**
 * The longest value that is parsed whole, in characters, but for texts. Of a longer entry the members are read each by
 * itself; any other longer value counts as null.
 */
const LONGEST = 128 * 1024;

/** How many characters are read in one step. */
const STEP = 16 * 1024;

/** What comes next. */
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

/** What of an object is read. */
interface Wanted {
  /** How many entries of each of its arrays; with 0, arrays are values like others. */
  readonly mostEntries: number;
  /** The array of which reading ends once it has so many; of others the rest is passed over. */
  readonly list: string | null;
  /** How deep it stands in what is read. */
  readonly depth: number;
}

/** Reads the text of one JSON object as it comes. */
export class JsonReader {
  readonly #wanted: Wanted;
  readonly #value: Record<string, unknown> = {};
  #members = 0;
  #place: Place = 'start';
  #key = '';
  #entries: unknown[] = [];
  /** The beginning of a value that has not come whole. */
  #token = '';
  /** An entry whose members have to be read each by itself. */
  #long: string | null = null;
  #depth = 0;
  #isInToken = false;
  #isInString = false;
  #isEscaped = false;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  /** Whether all has been read that is wanted. */
  isFull = false;
  /** Whether the text is no JSON object. */
  isBroken = false;

  /** Reads on, in steps. */
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

  /** What was read, or null where it is no JSON object. */
  end(): unknown {
    const isWhole = this.#place === 'end' && !this.isBroken;
    return isWhole || (this.isFull && !this.isBroken) ? this.#value : null;
  }

  /** Reads on, and answers how much of it was read: all, where it comes by no long entry. */
  #read(text: string): number {
    let at = 0;
    while (at < text.length && !this.isFull && !this.isBroken && this.#long === null) {
      if (this.#isInToken) at = this.#readToken(text, at);
      else if (isBlank(text.charCodeAt(at))) at = skipBlanks(text, at);
      else at = this.#readMark(text, at);
    }
    return at;
  }

  /** Reads on in a value, and answers where it ends. */
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
        // The end of what it stands in ends a number or a word.
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
    // A member that is called __proto__ is no more than a member.
    Object.defineProperty(this.#value, this.#key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
    this.#members += 1;
    this.isFull ||= this.#members >= MOST_MEMBERS;
  }

  /** Reads a mark between values, or begins a value, and answers where to read on. */
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

/** White space as JSON knows it. */
function isBlank(char: number): boolean {
  return char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

/** Where a mark leads; `token` where a value begins with it, null where it may not stand there. */
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
