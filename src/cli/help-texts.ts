/** The start of `paddock --help`. Each paragraph is one line: the parser wraps them to the terminal's width. */
export const INTRODUCTION = `One gateway to all your model servers: every model in one list, even while a machine is asleep.

Set PROVIDERS in the environment or in a .env file of the working folder:

  PROVIDERS="desktop=llama-swap://desktop lab=llama-swaps://key@lab.ts.net"

Commands use these settings and need no running Paddock. With --url or PADDOCK_URL they ask a running Paddock; PADDOCK_API_KEY is its key.`;

/** The end of `paddock --help`. The parser does not wrap text after the options, so it stays below 80 columns here. */
export const EPILOGUE = `
Examples:
  paddock demo                   try Paddock with simulated servers
  paddock doctor                 find faults, and how to correct them
  paddock models --json          the catalog as JSON
  paddock ps                     which models are loaded, and where
  paddock resolve qwen3.6-27b    which host and model a name means
  paddock chat qwen3.6-27b Hi    one answer, streamed
  paddock connect claude-code    settings of a client, to paste
  paddock opencode --into ~/.config/opencode/opencode.json

Exit codes:
  0  done
  1  refused, or faults found
  2  wrong command line or settings
  3  Paddock, a host or the database does not answer`;

/** The end of each command's help. */
export const EXAMPLES = {
  serve: `
It reads settings from the environment and from .env. The environment takes
precedence.

Examples:
  PROVIDERS="desktop=llama-swap://desktop" paddock serve
  paddock serve --host 0.0.0.0 --port 9000`,
  demo: `
The demo sends nothing to your own hosts and keeps its favorites in
data/demo.db. It downloads nothing: the models are simulated too.

Examples:
  paddock demo
  paddock doctor --url http://127.0.0.1:8400`,
  doctor: `
The exit code is 1 if there is a fault. Warnings and notes are not faults.

Examples:
  paddock doctor
  paddock doctor --url http://desktop:8400
  paddock doctor --json | jq -r '.findings[].message'`,
  models: `
A running Paddock (--url) answers at once with what it knows; --refresh asks
the hosts. A host that is asleep is listed without models. The exit code is 1
if no model matches.

Examples:
  paddock models
  paddock models qwen --ready
  paddock models 'gpt-oss*20b' --provider desktop
  paddock models --json | jq -r '.providers[].models[].id'`,
  ps: `
Examples:
  paddock ps
  paddock ps --json | jq -r '.running[].id'`,
  resolve: `
The first slash separates provider and model. A bare name belongs to the
default provider. Aliases are matched first.

Examples:
  paddock resolve desktop/qwen3.6-27b
  paddock resolve qwen3.6-27b
  paddock resolve --role task`,
  favorites: `
Without a command, this lists them.

Examples:
  paddock favorites
  paddock favorites add desktop/qwen3.6-27b
  paddock favorites move desktop/qwen3.6-27b first
  paddock favorites remove desktop/qwen3.6-27b`,
  favoritesList: `
A favorite is hidden while its model is not listed.`,
  favoritesAdd: `
Example:
  paddock favorites add desktop/qwen3.6-27b`,
  favoritesMove: `
Examples:
  paddock favorites move desktop/qwen3.6-27b first
  paddock favorites move desktop/qwen3.6-27b 3`,
  favoritesRemove: `
Example:
  paddock favorites remove desktop/qwen3.6-27b`,
  chat: `
Standard output gets the answer, and standard error its speed. On a terminal
the reasoning is dimmed; it is left out of pipes and files. Ctrl-C ends the
request.

Examples:
  paddock chat desktop/qwen3.6-27b Why is the sky blue?
  git diff | paddock chat qwen3.6-27b Review this: > review.md`,
  load: `
Nothing is generated. The host may unload other models to make room. Ctrl-C
ends the wait; a load that has begun may go on.

Examples:
  paddock load desktop/qwen3.6-27b`,
  logs: `
Only llama-swap gives access to its log. Without a model it is the log of
llama-swap itself; why a model does not start is in the log of that model. It
may contain prompts.

Examples:
  paddock logs desktop
  paddock logs desktop qwen3.6-27b -f`,
  unload: `
Examples:
  paddock unload desktop/qwen3.6-27b
  paddock unload --all desktop`,
  opencode: `
Paddock creates a missing file. In an existing file it adds its models and
replaces only its own address; everything else, comments too, stays as it is.

Examples:
  paddock opencode > opencode.json
  paddock opencode --into ~/.config/opencode/opencode.json`,
  connect: `
Without a client, this lists them. It asks the Paddock that runs at the address
of the settings; else it uses the settings alone.

Examples:
  paddock connect
  paddock connect claude-code
  paddock connect codex --model lab/gpt-oss-120b --write`,
  migrate: `
Node and Bun apply migrations at startup. Without LIBSQL_URL the database is
data/paddock.db.

Example:
  LIBSQL_URL=libsql://favorites.example LIBSQL_AUTH_TOKEN=... paddock migrate`,
} as const;
