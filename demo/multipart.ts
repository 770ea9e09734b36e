/** A file of a form. */
export interface FormFile {
  field: string;
  name: string;
  bytes: Buffer;
}

/** A multipart form: its fields in order, and its files. */
export interface MultipartForm {
  fields: [string, string][];
  files: FormFile[];
}

/** Parses a multipart form without copying its files; `undefined` if it is malformed or incomplete. */
export function parseMultipart(body: Buffer, contentType: string): MultipartForm | undefined {
  const [, quoted, bare] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) return undefined;
  const form: MultipartForm = { fields: [], files: [] };
  const delimiter = `\r\n--${boundary}`;
  const opening = delimiter.slice(2);
  const first = body.indexOf(opening);
  let at = first + opening.length;
  if (first < 0) return undefined;
  while (body.toString('latin1', at, at + 2) !== '--') {
    const headEnd = body.indexOf('\r\n\r\n', at);
    const end = headEnd < 0 ? -1 : body.indexOf(delimiter, headEnd + 4);
    if (end < 0) return undefined;
    addPart(form, {
      head: body.toString('utf8', at, headEnd),
      bytes: body.subarray(headEnd + 4, end),
    });
    at = end + delimiter.length;
  }
  return form;
}

/** Adds a part to a form. A part with a file name is a file, as in Go. */
function addPart(form: MultipartForm, { head, bytes }: { head: string; bytes: Buffer }): void {
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? '';
  const field = readParameter(disposition, 'name');
  if (field === undefined) return;
  const name = readFileName(disposition);
  if (name === undefined || name === '') form.fields.push([field, bytes.toString('utf8')]);
  else form.files.push({ field, name, bytes });
}

function readFileName(disposition: string): string | undefined {
  const encoded = /\bfilename\*=utf-8''([^;\s]+)/i.exec(disposition)?.[1];
  if (encoded === undefined) return readParameter(disposition, 'filename');
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

function readParameter(disposition: string, name: string): string | undefined {
  const pattern = new RegExp(`\\b${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'i');
  const [, quoted, bare] = pattern.exec(disposition) ?? [];
  return quoted?.replaceAll(/\\(.)/g, '$1') ?? bare;
}
