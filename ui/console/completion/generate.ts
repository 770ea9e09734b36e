import { send, type Gateway } from '../../fleet/gateway.ts';
import { createAnswer, hasArrived, isUnderWay, type Answer } from './answer.ts';
import { toChatBody } from './chat-request.ts';
import type { Exchange } from './exchange.ts';
import { toFault } from './fault.ts';
import { foldAnswer, type AnswerEvent } from './fold-answer.ts';
import { onceAFrame } from './once-a-frame.ts';
import type { Parameters } from './parameters.ts';
import { readPictures, toPictureRequest } from './picture-request.ts';
import { streamChat } from './stream-chat.ts';
import type { Target } from './target.ts';
import { watchRunning } from './watch-running.ts';

/** A question, its context and the model to ask. */
export interface Ask {
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
export function generate(ask: Ask, onChange: (answer: Answer) => void): Generation {
  const { id, name, provider, label } = ask.target;
  let answer = createAnswer({ id, name, provider, label }, Date.now());
  const controller = new AbortController();
  const waiting = new AbortController();
  const show = onceAFrame(() => onChange(answer));
  const take = (event: AnswerEvent) => {
    const next = foldAnswer(answer, { ...event, at: Date.now() });
    if (next === answer) return;
    answer = next;
    if (answer.state !== 'waiting') waiting.abort();
    // The stream of a complete answer closes by itself. In any other case the rest of the response is useless, so
    // abort it.
    if (!isUnderWay(answer) && answer.state !== 'done') controller.abort();
    show();
  };
  void watchRunning(ask.gateway, {
    provider: ask.target.tellsRunning ? provider : null,
    signal: waiting.signal,
    onRunning: (running) => take({ type: 'wait', running }),
  });
  void request(ask, { signal: controller.signal, take }).catch((cause: unknown) =>
    take({ type: 'fault', fault: toFault(cause, { label, hasBegun: hasArrived(answer) }) }),
  );
  return {
    get answer() {
      return answer;
    },
    stop: () => take({ type: 'stop' }),
  };
}

interface Exchanging {
  readonly signal: AbortSignal;
  readonly take: (event: AnswerEvent) => void;
}

async function request(ask: Ask, { signal, take }: Exchanging): Promise<void> {
  const { gateway, target } = ask;
  if (!target.paints) return streamChat(gateway, { body: toChatBody(ask), signal, onEvent: take });
  const response = await send(gateway, { ...toPictureRequest(ask), method: 'POST', signal });
  take({ type: 'pictures', pictures: readPictures(await response.json()) });
  take({ type: 'end' });
}
