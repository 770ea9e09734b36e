import { PaddockError } from '../errors.ts';
import type { ProviderKind } from '../registry/provider-kind.ts';
import { pasteFiles, type CutBody } from './cut-files.ts';

/** The translation of a request of Ollama's API to OpenAI's API, or to llama.cpp's own. */
export interface OpenAiRequest {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A request, ready to send. */
export interface Written {
  readonly path: string;
  readonly body: Uint8Array;
}

/** The target of a request: the provider's own name for the model, and the API that the provider's kind speaks. */
export interface Destination {
  readonly model: string;
  readonly speaks: ProviderKind['speaks'];
}

/** Serializes a request, with the files that were cut out. Throws `invalid_request` if it nests too deeply. */
export function writeRequest({ path, body }: OpenAiRequest, files: CutBody['files']): Written {
  try {
    return { path, body: pasteFiles(JSON.stringify(body), files) };
  } catch (cause) {
    throw new PaddockError('invalid_request', 'The body nests too deeply.', { cause });
  }
}
