import type { Client, Facts, Instructions } from '../../client-settings/client.ts';
import { toHeading } from '../../client-settings/client.ts';
import { CLIENTS } from '../../client-settings/clients.ts';
import type { CommandContext, QueryOptions } from '../command-context.ts';
import { connect as connectTo, type Connection } from '../connect.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { toUnknownMessage } from '../find-similar.ts';
import { listClients, listClientsAsJson } from '../list-clients.ts';
import { readFacts } from '../read-facts.ts';
import type { Colors } from '../terminal.ts';
import { toPlain, toPlainJson, toPlainLines } from '../../to-plain.ts';
import { writeSettings, type WrittenFile } from '../write-settings.ts';

/** The options of `paddock connect`. */
export interface ConnectCommandOptions extends QueryOptions {
  readonly model?: string;
  readonly write?: true;
}

const NO_CLIENT =
  'Name the client too, such as paddock connect claude-code. paddock connect lists the clients.';

/** Prints the settings that connect a client to Paddock, or merges them into the client's own files. */
export async function connect(
  { terminal }: CommandContext,
  { client: name, ...options }: ConnectCommandOptions & { client?: string },
): Promise<void> {
  const { json = false, write = false, model = null } = options;
  if (name === undefined) {
    if (write || model !== null) throw new CommandError(NO_CLIENT, EXIT.usage);
    return terminal.print(json ? listClientsAsJson() : listClients(terminal));
  }
  // Report a wrong name before querying Paddock.
  const client = findClient(name);
  const { connection, isRunning } = await reach(options);
  const facts = await terminal.during(`Asking ${connection.target}`, readFacts(connection, model));
  const instructions = client.describe(facts);
  if (write) {
    const files = await writeFiles(client, instructions);
    terminal.print(json ? toPlainJson(files) : renderFiles(files));
  } else {
    const shown = { client, facts, instructions };
    terminal.print(json ? toJson(shown) : render(shown, terminal.colors));
  }
  if (!isRunning) {
    terminal.printError(`No Paddock answers at ${facts.url}: start it with paddock serve.`);
  }
}

function findClient(name: string): Client {
  const client = CLIENTS.find(({ id }) => id === name.toLowerCase());
  if (client !== undefined) return client;
  const known = CLIENTS.map(({ id }) => id);
  const listing = 'paddock connect lists the clients.';
  throw new CommandError(toUnknownMessage(name, { word: 'client', known, listing }), EXIT.usage);
}

/** Connects to the running Paddock that the options or the settings name; else to one created from the settings. */
async function reach(
  options: ConnectCommandOptions,
): Promise<{ connection: Connection; isRunning: boolean }> {
  const { PADDOCK_URL = '' } = process.env;
  const connection = await connectTo(options);
  if (options.url !== undefined || PADDOCK_URL !== '') return { connection, isRunning: true };
  const { url } = connection;
  if (!(await isPaddock(url))) return { connection, isRunning: false };
  return { connection: await connectTo({ ...options, url }), isRunning: true };
}

async function isPaddock(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(1000) });
    return answer.headers.has('x-request-id') && (await answer.text()) === '{"status":"ok"}';
  } catch {
    return false;
  }
}

async function writeFiles(client: Client, { snippets }: Instructions): Promise<WrittenFile[]> {
  if (snippets.some(({ file }) => file !== undefined)) return writeSettings(snippets);
  const message = `${client.name} has no configuration file to merge into: run the command without --write, and paste what it prints.`;
  throw new CommandError(message, EXIT.usage);
}

function renderFiles(files: readonly WrittenFile[]): string {
  const lines = files.flatMap(({ file, changes, backup }) =>
    [
      ...(changes.length === 0 ? ['nothing to change'] : changes),
      ...(backup === null ? [] : [`the old file is ${backup}`]),
    ].map((line) => `${file}: ${line}`),
  );
  return lines.map(toPlain).join('\n');
}

interface Shown {
  readonly client: Client;
  readonly facts: Facts;
  readonly instructions: Instructions;
}

function toJson({ client, facts, instructions }: Shown): string {
  const { about, snippets } = instructions;
  return toPlainJson({
    client: client.id,
    url: facts.url,
    model: facts.id,
    contextWindow: facts.window,
    about,
    snippets: snippets.map(({ file, ...snippet }) => ({ ...snippet, file: file?.path ?? null })),
  });
}

function render({ client, facts, instructions }: Shown, colors: Colors): string {
  const { about, snippets } = instructions;
  const { id, window, needsKey } = facts;
  const size = window === null ? 'window unknown' : `${window.toLocaleString('en')} tokens`;
  const head = `${colors.bold(client.name)} with ${toPlain(id)} (${toPlain(size)})`;
  const parts = snippets.map((snippet) => {
    const heading = toHeading(snippet);
    const start = heading === '' ? '' : `${colors.dim(`${toPlain(heading)}:`)}\n`;
    return `${start}${toPlainLines(snippet.text)}`;
  });
  const isMergeable = snippets.some(({ file }) => file !== undefined);
  const notes = [
    ...(needsKey
      ? ['The key is not shown: put it into PADDOCK_API_KEY, or where a placeholder stands.']
      : []),
    ...(isMergeable ? [`To merge this into the file: paddock connect ${client.id} --write`] : []),
  ];
  return [head, toPlain(about), ...parts, ...notes.map((note) => colors.dim(note))].join('\n\n');
}
