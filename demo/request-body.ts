import { parseObject } from './json.ts';
import type { Json } from './json.ts';
import { parseMultipart } from './multipart.ts';
import type { FormFile } from './multipart.ts';

/** The body of a request, parsed by its content type. */
export interface RequestBody {
  /** The model that the request names, found as llama-swap finds it; `undefined` if it names none. */
  model: string | undefined;
  /** A JSON body; empty for other bodies. */
  json: Json;
  /** The fields of a form; the first field of each name counts. */
  fields: Map<string, string>;
  files: FormFile[];
}

/**
 * Reads a body and finds the model: in the query of a GET, or in `model` of a JSON body, a multipart form or else a
 * urlencoded form. Forms use the query too: before the fields of a multipart form and after those of a urlencoded form,
 * as in Go. An incomplete body names no model.
 */
export async function readBody(request: Request): Promise<RequestBody> {
  const query = [...new URL(request.url).searchParams];
  if (request.method === 'GET' || request.method === 'HEAD') return toBody({ found: query });
  const bytes = await request.arrayBuffer().catch(() => undefined);
  if (!bytes) return toBody({});
  const buffer = Buffer.from(bytes);
  const type = request.headers.get('content-type') ?? '';
  if (type.includes('application/json')) {
    const json = parseObject(buffer.toString());
    return toBody({ found: Object.entries(json ?? {}), ...(json && { json }) });
  }
  if (type.includes('multipart/form-data')) {
    const form = parseMultipart(buffer, type);
    return form ? toBody({ ...form, found: [...query, ...form.fields] }) : toBody({});
  }
  const isForm = type.includes('application/x-www-form-urlencoded');
  const fields = isForm ? [...new URLSearchParams(buffer.toString())] : [];
  return toBody({ fields, found: [...fields, ...query] });
}

function toBody(parts: {
  found?: [string, unknown][];
  json?: Json;
  fields?: [string, string][];
  files?: FormFile[];
}): RequestBody {
  const { found = [], json = {}, fields = [], files = [] } = parts;
  const [, model] = found.find(([name]) => name === 'model') ?? [];
  return {
    model: typeof model === 'string' && model !== '' ? model : undefined,
    json,
    fields: new Map(fields.toReversed()),
    files,
  };
}
