// client-settings/ knows how to connect each client program to Paddock. The console, the command `paddock connect` and
// docs/clients.md show the same texts. It is pure, and imports nothing that a browser does not have.

/** The facts that the settings of a client are filled with. */
export interface Facts {
  /** Paddock's address, without `/v1` and without a trailing slash. */
  readonly url: string;
  /** The ID of a model that chats. */
  readonly id: string;
  /** The model's context window in tokens, or null if it is unknown. */
  readonly window: number | null;
  /** Whether the model accepts images. */
  readonly hasVision: boolean;
  /** An alias of the model that Claude Code takes for an older Claude, or null. */
  readonly claudeAlias: string | null;
  /** Whether Paddock requires a key. No text contains the key itself: it names PADDOCK_API_KEY, or a placeholder. */
  readonly needsKey: boolean;
}

/** The languages of snippets. A `text` is one value for a field of a form. */
type Language = 'html' | 'json' | 'python' | 'sh' | 'text' | 'toml' | 'ts' | 'yaml';

/** A text to paste. */
export interface Snippet {
  /** Where it belongs; empty if the client has only one. */
  readonly title: string;
  readonly language: Language;
  readonly text: string;
  /** The client's configuration file that the text belongs to, if it can be merged into it. */
  readonly file?: ConfigFile;
}

/** A configuration file of a client. */
export interface ConfigFile {
  /** Its path; `~` is the home folder. */
  readonly path: string;
  /** Another name of the file in the same folder, which the client prefers; it is used if it exists. */
  readonly otherName?: string;
  /** Its path on macOS, if that differs. */
  readonly macPath?: string;
  /** The environment variable that may name another folder for it. */
  readonly folderVariable?: string;
  /** The top-level keys whose value stays if the file has one. */
  readonly keep?: readonly string[];
}

/** How to connect one client, for one model. */
export interface Instructions {
  /** Where the settings go, and what to know. */
  readonly about: string;
  readonly snippets: readonly Snippet[];
}

/** A client program. */
export interface Client {
  /** Its name on the command line. */
  readonly id: string;
  readonly name: string;
  /** The version that was run with these settings, and the date; null if none was. */
  readonly checked: string | null;
  readonly describe: (facts: Facts) => Instructions;
}

/** Returns the heading of a snippet: its title and the path of its file. It is empty if the snippet has neither. */
export function toHeading({ title, file }: Snippet): string {
  if (file === undefined) return title;
  const { path, folderVariable } = file;
  const place = folderVariable === undefined ? path : `${path} (or in $${folderVariable})`;
  return title === '' ? place : `${title}, ${place}`;
}
