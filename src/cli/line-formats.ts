/** One line of a configuration file that opens an entry. */
export interface Entry {
  /** Entries below it in the file that have a higher level belong to it. */
  readonly level: number;
  /** The part that differs between its siblings. */
  readonly key: string;
  /** The text after the key; empty if none stands on the line. */
  readonly value: string;
  /** Whether it opens a table of TOML, which stands after all other entries. */
  readonly isTable: boolean;
}

/** How to read the lines of a format. */
export interface LineFormat {
  /** Returns the entry that a line opens, or null for blank lines, comments and the rest of longer values. */
  readonly read: (line: string) => Entry | null;
  /** Returns why a file cannot be merged line by line, or null. */
  readonly findFault: (text: string) => string | null;
}

const YAML_ENTRY =
  /^( *)((?:- +)?)((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'#:\-[{][^:#]*))\s*:(?:\s+(.*))?$/u;
const YAML_ITEM = /^( *)- +(.*)$/u;

/** YAML in block style. */
export const YAML: LineFormat = {
  read: (line) => {
    const [, indent = '', dash = '', name = '', value = ''] = YAML_ENTRY.exec(line) ?? [];
    const level = 2 * indent.length;
    const plain = toPlainValue(value);
    // A list may be indented as far as its own key.
    if (dash !== '')
      return toEntry(level + 1, { key: `- ${toPlainValue(name)}: ${plain}`, value: plain });
    if (name !== '') return toEntry(level, { key: toPlainValue(name), value: plain });
    const [, itemIndent = '', item = ''] = YAML_ITEM.exec(line) ?? [];
    if (item === '') return null;
    return toEntry(2 * itemIndent.length + 1, { key: `- ${toPlainValue(item)}`, value: '' });
  },
  findFault: (text) => (/^\t/mu.test(text) ? 'The file is indented with tabs.' : null),
};

const TOML_TABLE = /^\s*(\[{1,2}[^[\]]+\]{1,2})\s*(?:#.*)?$/u;
const TOML_ENTRY = /^\s*((?:"[^"]*"|'[^']*'|[\w.-])+)\s*=\s*(.*)$/u;

/** TOML. */
export const TOML: LineFormat = {
  read: (line) => {
    const [, table = ''] = TOML_TABLE.exec(line) ?? [];
    if (table !== '') return { ...toEntry(0, { key: table, value: '' }), isTable: true };
    const [, key = '', value = ''] = TOML_ENTRY.exec(line) ?? [];
    return key === '' ? null : toEntry(1, { key, value: toPlainValue(value) });
  },
  findFault: (text) => (/"""|'''/u.test(text) ? 'The file has a string of several lines.' : null),
};

function toEntry(level: number, { key, value }: { key: string; value: string }): Entry {
  return { level, key, value, isTable: false };
}

/** Returns a value without quotation marks and without the comment after it. */
function toPlainValue(text: string): string {
  const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)')/u.exec(text);
  if (quoted !== null) return quoted[1] === undefined ? (quoted[2] ?? '') : unescape(quoted[1]);
  return text.replace(/(?:^|\s+)#.*$/u, '').trimEnd();
}

function unescape(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
