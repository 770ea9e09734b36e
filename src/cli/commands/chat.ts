import { createAnswer, type Answer } from '../../../ui/console/completion/answer.ts';
import { toFinishLabel } from '../../../ui/console/completion/finish-label.ts';
import { foldAnswer, type AnswerEvent } from '../../../ui/console/completion/fold-answer.ts';
import { toFirstTokenMs, toMetricsLabel, toRate } from '../../../ui/console/completion/metrics.ts';
import { readChat } from '../../../ui/console/completion/read-chat.ts';
import { createAnswerWriter, type AnswerWriter } from '../answer-writer.ts';
import { connect, type Connection } from '../connect.ts';
import type { QueryOptions, CommandContext } from '../command-context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { explainFailure } from '../explain-failure.ts';
import { readPrompt } from '../read-prompt.ts';
import { requireOk } from '../require-ok.ts';
import { toPlain, toPlainJson } from '../../to-plain.ts';

/** Sends one prompt to a model, and prints the answer as it arrives. */
export async function chat(
  context: CommandContext,
  { id, words, ...options }: QueryOptions & { id: string; words: readonly string[] },
): Promise<void> {
  const { terminal } = context;
  const prompt = await readPrompt(words.join(' '), context);
  const connection = await connect(options);
  const writer = options.json ? null : createAnswerWriter(terminal);
  const asking = ask({ id, prompt, connection, context, writer });
  const begun: Promise<unknown> = writer === null ? asking : Promise.race([writer.begun, asking]);
  await terminal.during(`Waiting for ${toPlain(id)}`, begun);
  writer?.open();
  const answer = await asking;
  // The reader, such as `head`, needs no more of the answer.
  if (terminal.closed.aborted) return;
  if (options.json) {
    // The answer is worth printing even if Paddock is gone by now.
    const named = await connection.paddock.resolve(id).catch(() => ({ id }));
    terminal.print(toPlainJson(toReport(named.id, answer)));
  }
  await writer?.end();
  requireAnswer(answer);
  const notes = [toFinishLabel(answer.finish), toMetricsLabel(answer)];
  terminal.printError(notes.filter((note) => note !== null && note !== '').join('\n'));
}

interface Asking {
  readonly id: string;
  readonly prompt: string;
  readonly connection: Connection;
  readonly context: CommandContext;
  readonly writer: AnswerWriter | null;
}

/** Resolves to the whole answer, also if its stream breaks. */
async function ask({ id, prompt, connection, context, writer }: Asking): Promise<Answer> {
  const { closed } = context.terminal;
  const startedAt = Date.now();
  const response = await sendPrompt({ id, prompt, connection, closed });
  const provider = response.headers.get('x-paddock-provider') ?? 'the provider';
  let answer = createAnswer({ id, name: id, provider, label: provider }, startedAt);
  const onEvent = (event: AnswerEvent) => {
    const before = answer;
    answer = foldAnswer(before, { ...event, at: Date.now() });
    writer?.add({
      reasoning: answer.reasoning.slice(before.reasoning.length),
      content: answer.content.slice(before.content.length),
    });
  };
  try {
    await readChat(response, onEvent);
  } catch {
    if (closed.aborted) return answer;
    const words = `Incomplete: the connection to ${provider} was lost.`;
    onEvent({ type: 'fault', fault: { words, detail: null } });
  }
  return answer;
}

async function sendPrompt({
  id,
  prompt,
  connection,
  closed,
}: Pick<Asking, 'id' | 'prompt' | 'connection'> & { closed: AbortSignal }): Promise<Response> {
  const { send, paddock } = connection;
  const body = {
    model: id,
    messages: [{ role: 'user', content: prompt }],
    stream: true,
    stream_options: { include_usage: true },
  };
  const response = await send('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify(body),
    signal: closed,
  });
  try {
    return await requireOk(response);
  } catch (error) {
    throw await explainFailure(error, { id, paddock });
  }
}

/** @throws {CommandError} if the answer is missing or incomplete */
function requireAnswer({ fault, content }: Answer): void {
  if (fault !== null) {
    const { words, detail } = fault;
    throw new CommandError(detail === null ? words : `${words} ${detail}`, EXIT.failed);
  }
  if (content !== '') return;
  throw new CommandError('The model sent only reasoning, and no answer.', EXIT.failed);
}

function toReport(id: string, answer: Answer) {
  const { respondent, content, reasoning, finish, tokens } = answer;
  return {
    id,
    provider: respondent.provider,
    content,
    reasoning,
    finish,
    tokens,
    tokensPerSecond: toRate(answer)?.tokensPerSecond ?? null,
    firstTokenMs: toFirstTokenMs(answer),
  };
}
