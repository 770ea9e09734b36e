import { ERROR_CODES } from '../../src/errors.ts';
import type { TestApp } from '../make-app.ts';

/** A documented answer with all references resolved. */
interface DocumentedAnswer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<
    Record<
      string,
      { schema?: any; example?: unknown; examples?: Record<string, { value: unknown }> }
    >
  >;
  /** The codes of Paddock's errors that it can have. */
  readonly codes: readonly string[];
}

/** One method of one path, with all references resolved. */
export interface Operation {
  /** Such as `get /api/models`. */
  readonly name: string;
  readonly summary: string;
  readonly parameters: readonly any[];
  readonly requestBody?: { required: boolean; content: Record<string, { schema: any }> };
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
}

/** Resolves a reference within a document. */
export function follow(document: any, ref: string): any {
  const [root, ...keys] = ref.split('/');
  if (root !== '#') throw new Error(`Expected a reference within the document but received ${ref}`);
  const value = keys.reduce((at, key) => at?.[key], document);
  if (value === undefined) throw new Error(`Expected ${ref} to be in the document`);
  return value;
}

/** Resolves all references in a part of a document. A description next to a reference takes precedence. */
function inline(document: any, part: any): any {
  if (Array.isArray(part)) return part.map((item) => inline(document, item));
  if (typeof part !== 'object' || part === null) return part;
  if (typeof part.$ref === 'string') {
    const { $ref, ...rest } = part;
    return { ...inline(document, follow(document, $ref)), ...rest };
  }
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, inline(document, value)]),
  );
}

/** Every operation of a document. */
function toOperations(document: any): Operation[] {
  return Object.entries<any>(document.paths).flatMap(([path, methods]) =>
    Object.entries<any>(methods).map(([method, operation]) => {
      const whole = inline(document, operation);
      const responses = Object.entries<any>(whole.responses).map(([status, answer]) => [
        status,
        { ...answer, codes: readCodes(answer.description) },
      ]);
      return { ...whole, name: `${method} ${path}`, responses: Object.fromEntries(responses) };
    }),
  );
}

/** The document of an app. */
export async function readDocument(app: TestApp, init: RequestInit = {}) {
  const document = await app.read('/openapi.json', init);
  return { document, operations: toOperations(document) };
}

function readCodes(description: string): string[] {
  const words = new Set([...description.matchAll(/`(\w+)`/gu)].map(([, word]) => word));
  return ERROR_CODES.filter((code) => words.has(code));
}
