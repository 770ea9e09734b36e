/** The start of `paddock --help`. Each paragraph is one line: the parser wraps them to the terminal's width. */
export const INTRODUCTION = `One gate to a herd of llama-swap hosts: every model in one list, whichever host is asleep.

PROVIDERS names your hosts, in the environment or in a .env file of the working folder:

  PROVIDERS="desktop=llama-swap://desktop lab=llama-swaps://key@lab.ts.net"

Commands that ask use these settings and need no running Paddock. With --url, or PADDOCK_URL, they ask the one that runs there, with its key in PADDOCK_API_KEY.`;

/** The end of `paddock --help`. The parser does not wrap text after the options, so it stays below 80 columns here. */
export const EPILOGUE = `
Examples:
  paddock demo                   look around, with simulated hosts
  paddock doctor                 what is wrong with the herd, and what mends it
  paddock models --json          the catalog, for programs
  paddock resolve qwen3.6-27b    which host a name means
  paddock opencode --into ~/.config/opencode/opencode.json

Exit codes:
  0  done
  1  refused, or faults found
  2  wrong command line or settings
  3  Paddock, a host or the database does not answer`;

/** The end of each command's help. */
export const EXAMPLES = {
  serve: `
It reads the settings of the environment and of .env; what is set outside wins.

Examples:
  PROVIDERS="desktop=llama-swap://desktop" paddock serve
  paddock serve --host 0.0.0.0 --port 9000`,
  demo: `
Your own hosts are left alone, and favorites of the demo are kept apart, in
data/demo.db. Nothing is downloaded: the models are simulated too.

Examples:
  paddock demo
  paddock doctor --url http://127.0.0.1:8400`,
  doctor: `
Exit code 1 where there is a fault: something does not work. Warnings and notes
are none.

Examples:
  paddock doctor
  paddock doctor --url http://desktop:8400
  paddock doctor --json | jq -r '.findings[].message'`,
  models: `
Every host is asked now. One that is asleep keeps its place, without models.

Examples:
  paddock models
  paddock models --json | jq -r '.providers[].models[].id'`,
  resolve: `
The first slash divides provider and model. A bare name means the default
provider's; an alias is matched before all else.

Examples:
  paddock resolve desktop/qwen3.6-27b
  paddock resolve qwen3.6-27b
  paddock resolve --role task`,
  favorites: `
Without a command, it lists them.

Examples:
  paddock favorites
  paddock favorites add desktop/qwen3.6-27b
  paddock favorites remove desktop/qwen3.6-27b`,
  favoritesList: `
Hidden are those whose model is not listed now: they return by themselves.`,
  favoritesAdd: `
Example:
  paddock favorites add desktop/qwen3.6-27b`,
  favoritesRemove: `
Example:
  paddock favorites remove desktop/qwen3.6-27b`,
  unload: `
Examples:
  paddock unload desktop/qwen3.6-27b
  paddock unload --all desktop`,
  opencode: `
The file is made where there is none. All that is in it stays as it is written;
only Paddock's address is replaced. One with comments is left untouched: print
the configuration, and add it by hand.

Examples:
  paddock opencode > opencode.json
  paddock opencode --into ~/.config/opencode/opencode.json`,
  migrate: `
Node and Bun do so by themselves on start. Where LIBSQL_URL is not set, it is
data/paddock.db.

Example:
  LIBSQL_URL=libsql://herd.example LIBSQL_AUTH_TOKEN=... paddock migrate`,
} as const;
