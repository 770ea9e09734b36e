import { send, type Gateway } from '../../fleet/gateway.ts';
import { createAnswer, hasContent, isInProgress, type Answer } from './answer.ts';
import { toChatBody } from './chat-request.ts';
import type { Exchange } from './exchange.ts';
import { toFault } from './fault.ts';
import { foldAnswer, type AnswerEvent } from './fold-answer.ts';
import { oncePerFrame } from './once-per-frame.ts';
import type { Parameters } from './parameters.ts';
import { readPictures, toPictureRequest } from './picture-request.ts';
import { streamChat } from './stream-chat.ts';
import type { Target } from './target.ts';
import { watchRunning } from './watch-running.ts';

/** A question, its context and the model to ask. */
export interface GenerationRequest {
  readonly gateway: Gateway;
  readonly target: Target;
  /** The exchanges before the question. */
  readonly history: readonly Exchange[];
  readonly text: string;
  readonly images: readonly string[];
  readonly parameters: Parameters;
}

/** An answer in progress. */
export interface Generation {
  /** The current state of the answer. */
  readonly answer: Answer;
  /** Stops the answer, on this page and on the provider. */
  stop(): void;
}

/** Requests an answer from a model. `onChange` is called at most once a frame after a change, and after the end. */
export function generate(
  request: GenerationRequest,
  onChange: (answer: Answer) => void,
): Generation {
  const { id, name, provider, label } = request.target;
  let answer = createAnswer({ id, name, provider, label }, Date.now());
  const controller = new AbortController();
  const waiting = new AbortController();
  const show = oncePerFrame(() => onChange(answer));
  const apply = (event: AnswerEvent) => {
    const next = foldAnswer(answer, { ...event, at: Date.now() });
    if (next === answer) return;
    answer = next;
    if (answer.state !== 'waiting') waiting.abort();
    // The stream of a complete answer closes by itself. In any other case the rest of the response is useless, so
    // abort it.
    if (!isInProgress(answer) && answer.state !== 'done') controller.abort();
    show();
  };
  void watchRunning(request.gateway, {
    provider: request.target.reportsRunning ? provider : null,
    signal: waiting.signal,
    onRunning: (running) => apply({ type: 'wait', running }),
  });
  void sendRequest(request, { signal: controller.signal, apply }).catch((cause: unknown) =>
    apply({ type: 'fault', fault: toFault(cause, { label, hasBegun: hasContent(answer) }) }),
  );
  return {
    get answer() {
      return answer;
    },
    stop: () => apply({ type: 'stop' }),
  };
}

interface SendOptions {
  readonly signal: AbortSignal;
  readonly apply: (event: AnswerEvent) => void;
}

async function sendRequest(
  request: GenerationRequest,
  { signal, apply }: SendOptions,
): Promise<void> {
  const { gateway, target } = request;
  if (!target.generatesImages)
    return streamChat(gateway, { body: toChatBody(request), signal, onEvent: apply });
  const response = await send(gateway, { ...toPictureRequest(request), method: 'POST', signal });
  apply({ type: 'pictures', pictures: readPictures(await response.json()) });
  apply({ type: 'end' });
}
