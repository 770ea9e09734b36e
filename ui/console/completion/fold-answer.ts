import { toGatewayError } from '../../fleet/gateway-error.ts';
import { hasContent, isInProgress, type Answer, type Picture } from './answer.ts';
import { EMPTY, NO_ANSWER, toFault, UNFINISHED, type Fault } from './fault.ts';
import { toFinishLabel } from './finish-label.ts';
import { readChunk } from './read-chunk.ts';
import type { RunningModel } from '../../fleet/running.ts';

/** An event that changes an answer. */
export type AnswerEvent =
  /** The data of an event of the stream. */
  | { readonly type: 'data'; readonly data: string }
  /** The data of an event named `error`. */
  | { readonly type: 'error'; readonly data: string }
  /** A line that is not part of an event: bare JSON, if a load fails after the provider has sent status 200. */
  | { readonly type: 'stray'; readonly line: string }
  /** Time has passed without content; `running` is null if the provider has not reported its models. */
  | { readonly type: 'wait'; readonly running: readonly RunningModel[] | null }
  | { readonly type: 'pictures'; readonly pictures: readonly Picture[] }
  | { readonly type: 'end' }
  | { readonly type: 'stop' }
  | { readonly type: 'fault'; readonly fault: Fault };

/** Returns the answer after an event; `at` is in milliseconds since 1970. Events after the end change nothing. */
export function foldAnswer(
  answer: Answer,
  { at, ...event }: AnswerEvent & { readonly at: number },
): Answer {
  if (!isInProgress(answer)) return answer;
  const received = { ...answer, heardAt: at };
  switch (event.type) {
    case 'data':
      return foldData(received, event.data);
    case 'error':
      return failWithError(received, event.data);
    case 'stray':
      return foldStray(received, event.line);
    case 'wait':
      return answer.state === 'waiting' ? { ...received, running: event.running } : answer;
    case 'pictures':
      return foldPictures(received, event.pictures);
    case 'stop':
      return close(received, 'stopped');
    case 'fault':
      return fail(received, event.fault);
    case 'end':
      return end(received);
  }
}

function foldPictures(answer: Answer, pictures: readonly Picture[]): Answer {
  const { heardAt } = answer;
  return {
    ...answer,
    pictures,
    state: 'streaming',
    finish: 'stop',
    firstAt: heardAt,
    lastAt: heardAt,
  };
}

function foldData(answer: Answer, data: string): Answer {
  if (data === '[DONE]') return end({ ...answer, finish: answer.finish ?? 'stop' });
  const chunk = readChunk(data);
  if (chunk === null) return answer;
  if (chunk.error !== null) return failWithError(answer, chunk.error);
  if (chunk.isProgress) return { ...answer, isLoading: answer.state === 'waiting' };
  const updated = {
    ...answer,
    finish: chunk.finish ?? answer.finish,
    tokens: chunk.tokens ?? answer.tokens,
    rate: chunk.rate ?? answer.rate,
  };
  if (chunk.content === '' && chunk.reasoning === '') return updated;
  return {
    ...updated,
    state: 'streaming',
    content: answer.content + chunk.content,
    reasoning: answer.reasoning + chunk.reasoning,
    chunks: answer.chunks + 1,
    firstAt: answer.firstAt ?? answer.heardAt,
    lastAt: answer.heardAt,
    isLoading: false,
    running: null,
  };
}

/** Reads bare JSON like the data of an event. llama.cpp sends its errors in a field of their own, `error: {...}`. */
function foldStray(answer: Answer, line: string): Answer {
  const [, error] = /^error:\s*(\{.*)$/u.exec(line) ?? [];
  return foldData(answer, error === undefined ? line : `{"error":${error}}`);
}

function failWithError(answer: Answer, text: string): Answer {
  const { label } = answer.respondent;
  const error = toGatewayError(text, { status: 500 });
  const words = answer.isLoading ? `${label} could not load the model.` : null;
  const fault = toFault(error, { label, hasBegun: hasContent(answer) });
  return fail(answer, words === null ? fault : { ...fault, words });
}

function end(answer: Answer): Answer {
  const hasFinished = answer.finish !== null;
  if (hasContent(answer)) return hasFinished ? close(answer, 'done') : fail(answer, UNFINISHED);
  return fail(answer, hasFinished ? { ...EMPTY, detail: toFinishLabel(answer.finish) } : NO_ANSWER);
}

function fail(answer: Answer, fault: Fault): Answer {
  return { ...close(answer, hasContent(answer) ? 'cut' : 'failed'), fault };
}

function close(answer: Answer, state: Answer['state']): Answer {
  return { ...answer, state, isLoading: false, running: null };
}
