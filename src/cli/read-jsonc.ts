import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';

/** The text of a JSON file with comments, and its tree; or the reason why it is none. */
export type Jsonc =
  | { readonly ok: true; readonly bom: string; readonly body: string; readonly root: Node }
  | { readonly ok: false; readonly fault: string };

const BOM = '\u{feff}';

/** Reads the text of a JSON file with comments and trailing commas. An empty file counts as `{}`. */
export function readJsonc(text: string): Jsonc {
  const bom = text.startsWith(BOM) ? BOM : '';
  const written = text.slice(bom.length);
  const body = written.trim() === '' ? '{}\n' : written;
  const errors: ParseError[] = [];
  const root = parseTree(body, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (root !== undefined && error === undefined) return { ok: true, bom, body, root };
  const fault = `The file is not JSON: ${error ? toErrorText(error, body) : 'it is empty'}.`;
  return { ok: false, fault };
}

/** Returns the values of an object by key. */
export function readProperties(node: Node): Map<string, Node> {
  const properties = new Map<string, Node>();
  for (const { children = [] } of node.children ?? []) {
    const [key, value] = children;
    if (key !== undefined && value !== undefined) properties.set(key.value as string, value);
  }
  return properties;
}

/** Returns why an object of the file cannot be merged into, or null. */
export function findObjectFault(node: Node, at: { path: readonly string[]; body: string }) {
  const name = at.path.length === 0 ? 'the top level' : `"${at.path.join('.')}"`;
  if (node.type !== 'object') {
    return `In the file ${name} is not an object, at ${toPosition(node.offset, at.body)}.`;
  }
  const twice = findRepeatedKey(node);
  if (twice === null) return null;
  const place = toPosition(twice.offset, at.body);
  return `In the file ${name} has the key ${JSON.stringify(twice.value)} twice, again at ${place}.`;
}

function findRepeatedKey(node: Node): Node | null {
  const seen = new Set<unknown>();
  for (const { children = [] } of node.children ?? []) {
    const [key] = children;
    if (key !== undefined && seen.has(key.value)) return key;
    seen.add(key?.value);
  }
  return null;
}

function toErrorText({ error, offset }: ParseError, body: string): string {
  const words = printParseErrorCode(error).replaceAll(
    /\B[A-Z]/g,
    (letter) => ` ${letter.toLowerCase()}`,
  );
  return `${words.toLowerCase()} at ${toPosition(offset, body)}`;
}

/** Returns the line and the column, as editors count them. */
function toPosition(offset: number, body: string): string {
  const lines = body.slice(0, offset).split(/\r\n|\r|\n/);
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}
