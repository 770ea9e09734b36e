import type * as v from 'valibot';

/** One setting: all that Paddock, its documents and its runtimes have to know of it. */
export interface Setting {
  /** Parses the text. Its messages say what was expected and never quote the text. */
  readonly schema: v.GenericSchema<string, unknown>;
  /** The text that counts where the setting is unset; without it an unset setting is null. */
  readonly default?: string;
  /** The field of `Settings` with its value; none where several settings are parsed together. */
  readonly field?: string;
  /** It holds credentials: it may be read from the file that `NAME_FILE` names. */
  readonly secret?: true;
  /** An error message may show its value. */
  readonly shown?: true;
  /** `paddock demo` reads it. */
  readonly demo?: true;
  /** How it differs on Workers: it has no meaning there, has another default, or is refused for this reason. */
  readonly worker?: 'ignored' | { readonly default: string } | { readonly refused: string };
  /** Its meaning in one sentence, for the documents. */
  readonly doc: string;
  /** What the documents say in place of `default`. */
  readonly defaultDoc?: string;
  /** A sound value, for the documents; the default where it is absent. */
  readonly example?: string;
}
