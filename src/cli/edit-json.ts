import { applyEdits, format, modify, type Edit, type JSONPath, type Node } from 'jsonc-parser';

/** The layout of a file, so that additions look like the rest. */
interface Layout {
  readonly eol: string;
  readonly indent: string;
  readonly isOneLine: boolean;
}

/** A value to set, and its path. */
export interface JsonChange {
  readonly path: JSONPath;
  readonly value: unknown;
}

/** The text that may follow a value on its line: a comma, then comments that belong to the value. */
const LINE_END =
  /^(?<comma>[ \t]*,)?(?:[ \t]*\/\*(?:[^*\r\n]|\*(?!\/))*\*\/)*(?:[ \t]*\/\/[^\r\n]*)?/u;

/** Sets values in the text of a JSON file, one after the other. */
export function editJson(text: string, to: { root: Node; changes: readonly JsonChange[] }): string {
  const layout = readLayout(text, to.root);
  return to.changes.reduce((edited, change) => setValue(edited, { ...change, layout }), text);
}

/** Detects the layout of a JSON file with comments. */
function readLayout(text: string, root: Node): Layout {
  const [first] = root.children ?? [];
  const isOneLine =
    first !== undefined && !/[\r\n]/u.test(text.slice(root.offset, root.offset + root.length));
  const lineBeforeFirst = text.slice(root.offset, first?.offset ?? root.offset);
  const indent = /[\r\n]([ \t]+)$/u.exec(lineBeforeFirst)?.[1] ?? '  ';
  return { eol: /\r\n|\n|\r/u.exec(text)?.[0] ?? '\n', indent, isOneLine };
}

/** Sets one value in the text of a JSON file and leaves the rest of the text unchanged, including comments. */
function setValue(text: string, change: JsonChange & { layout: Layout }): string {
  const { path, value, layout } = change;
  const [edit] = modify(text, path, value, {});
  if (edit === undefined) return text;
  const isReplacement = edit.length > 0;
  if (isReplacement) return applyEdits(text, [edit]);
  const edits = placeAfterComments(text, { edit, eol: layout.isOneLine ? '' : layout.eol });
  const added = applyEdits(text, edits);
  if (layout.isOneLine) return added;
  const length = edits.reduce((sum, { content }) => sum + content.length, 0);
  const last = edits.at(-1) ?? edit;
  const end = last.offset + length;
  // Format the white space on both sides of the property too, but do not move a bracket on a later line.
  const offset = end - last.content.length - 1;
  const isEndOfLine = /^[ \t]*[\r\n]/u.test(added.slice(end));
  const range = { offset, length: end - offset + (isEndOfLine ? 0 : 1) };
  const { eol, indent } = layout;
  const tabSize = indent.startsWith('\t') ? 4 : indent.length;
  const options = { eol, tabSize, insertSpaces: !indent.startsWith('\t') };
  return applyEdits(added, format(added, range, options));
}

/** Moves a new property after the comment on the last property's line: `modify` would insert it before that comment. */
function placeAfterComments(text: string, { edit, eol }: { edit: Edit; eol: string }): Edit[] {
  const rest = LINE_END.exec(text.slice(edit.offset));
  if (rest === null || rest[0] === '') return [edit];
  const offset = edit.offset + rest[0].length;
  const hasPrevious = edit.content.startsWith(',');
  const property = hasPrevious ? edit.content.slice(1) : edit.content;
  // The file already has a trailing comma, so the new property gets one too.
  if (rest.groups?.['comma'] !== undefined) {
    return [{ offset, length: 0, content: `${eol}${property},` }];
  }
  const added = { offset, length: 0, content: eol + property };
  return hasPrevious ? [{ offset: edit.offset, length: 0, content: ',' }, added] : [added];
}
