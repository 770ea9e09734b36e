import type { CommandContext } from './command-context.ts';
import { CommandError, EXIT } from './exit-codes.ts';

const MOST_MIB = 64;
/** How long a prompt on the command line waits for more of it on a pipe, which the caller may never close. */
const PIPE_MS = 3000;

/** Returns the prompt: the words of the command line, then the standard input if it is a pipe or a file. */
export async function readPrompt(
  words: string,
  { terminal, input }: Pick<CommandContext, 'terminal' | 'input'>,
): Promise<string> {
  const isGiven = words.trim() !== '';
  if (input.source === 'none' || (isGiven && input.source === 'terminal'))
    return requirePrompt(words);
  if (input.source === 'terminal') terminal.printError('Type the prompt. End it with Ctrl-D.');
  const limits = { maxBytes: MOST_MIB * 1024 * 1024, firstByteMs: isGiven ? PIPE_MS : null };
  const read = await input.read(limits);
  if (read === 'too large') {
    throw new CommandError(`Standard input is larger than ${MOST_MIB} MiB.`, EXIT.usage);
  }
  if (read === null) terminal.printError('Nothing arrives on standard input: it is ignored.');
  return requirePrompt(joinPrompt(words, read === null ? '' : decode(read)));
}

/** Joins the words and the piped text, which may be empty. */
function joinPrompt(words: string, piped: string): string {
  return [words, piped].filter((part) => part.trim() !== '').join('\n\n');
}

function decode(bytes: Uint8Array): string {
  const refuse = (): never => {
    const message = 'Standard input is not text: expected UTF-8 without null characters.';
    throw new CommandError(message, EXIT.usage);
  };
  if (bytes.includes(0)) return refuse();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/u, '');
  } catch {
    return refuse();
  }
}

function requirePrompt(prompt: string): string {
  if (prompt.trim() !== '') return prompt;
  const message = 'The prompt is empty: write it after the ID, or on standard input.';
  throw new CommandError(message, EXIT.usage);
}
