import { applyEdits, format, modify, type Edit, type JSONPath, type Node } from 'jsonc-parser';

/** How a file is laid out, so that what is added looks like the rest. */
export interface Layout {
  readonly eol: string;
  readonly indent: string;
  readonly isOneLine: boolean;
}

/** A value that is set, and where. */
export interface JsonChange {
  readonly path: JSONPath;
  readonly value: unknown;
}

/** What may follow a value on its line: a comma, then comments that belong to it. */
const LINE_END =
  /^(?<comma>[ \t]*,)?(?:[ \t]*\/\*(?:[^*\r\n]|\*(?!\/))*\*\/)*(?:[ \t]*\/\/[^\r\n]*)?/u;

/** Reads how a file with comments is laid out. */
export function readLayout(text: string, root: Node): Layout {
  const [first] = root.children ?? [];
  const isOneLine =
    first !== undefined && !/[\r\n]/u.test(text.slice(root.offset, root.offset + root.length));
  const lineBeforeFirst = text.slice(root.offset, first?.offset ?? root.offset);
  const indent = /[\r\n]([ \t]+)$/u.exec(lineBeforeFirst)?.[1] ?? '  ';
  return { eol: /\r\n|\n|\r/u.exec(text)?.[0] ?? '\n', indent, isOneLine };
}

/** Sets one value in the text of a JSON file, and leaves the rest of the text as it is, comments included. */
export function editJson(text: string, change: JsonChange & { layout: Layout }): string {
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
  // The white space on both sides of the property is formatted too, but a bracket on a later line stays where it is.
  const offset = end - last.content.length - 1;
  const isEndOfLine = /^[ \t]*[\r\n]/u.test(added.slice(end));
  const range = { offset, length: end - offset + (isEndOfLine ? 0 : 1) };
  const { eol, indent } = layout;
  const tabSize = indent.startsWith('\t') ? 4 : indent.length;
  const options = { eol, tabSize, insertSpaces: !indent.startsWith('\t') };
  return applyEdits(added, format(added, range, options));
}

/** `modify` would put a new property between the last one and the comment beside it. */
function placeAfterComments(text: string, { edit, eol }: { edit: Edit; eol: string }): Edit[] {
  const rest = LINE_END.exec(text.slice(edit.offset));
  if (rest === null || rest[0] === '') return [edit];
  const offset = edit.offset + rest[0].length;
  const hasPrevious = edit.content.startsWith(',');
  const property = hasPrevious ? edit.content.slice(1) : edit.content;
  // A trailing comma stands in the file already: the new property gets one too.
  if (rest.groups?.['comma'] !== undefined) {
    return [{ offset, length: 0, content: `${eol}${property},` }];
  }
  const added = { offset, length: 0, content: eol + property };
  return hasPrevious ? [{ offset: edit.offset, length: 0, content: ',' }, added] : [added];
}
