import type * as v from 'valibot';

/** The definition of one setting, for the parser, the documents and the runtimes. */
export interface Setting {
  /** Parses the text. Its messages describe the expected value and never quote the text. */
  readonly schema: v.GenericSchema<string, unknown>;
  /** The text that applies if the setting is unset. Without a default, an unset setting is null. */
  readonly default?: string;
  /** The field of `Settings` with its value; absent if several settings are parsed together. */
  readonly field?: string;
  /** The setting contains credentials: it may be read from the file that `NAME_FILE` names. */
  readonly secret?: true;
  /** Error messages may show its value. */
  readonly shown?: true;
  /** It is about the user's own providers or data: `paddock demo` does not read it. */
  readonly ownFleet?: true;
  /** The difference on Workers: the setting is ignored, has another default, or is refused for this reason. */
  readonly worker?: 'ignored' | { readonly default: string } | { readonly refused: string };
  /** Its meaning in one sentence, for the documents. */
  readonly doc: string;
  /** The text that the documents show instead of `default`. */
  readonly defaultDoc?: string;
  /** A valid value for the documents; the default if it is absent. */
  readonly example?: string;
}
