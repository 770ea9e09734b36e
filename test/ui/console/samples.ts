// Minimal answers, models and catalogs.

import type { Catalog } from '../../../ui/fleet/catalog.ts';
import { createAnswer, type Answer } from '../../../ui/console/completion/answer.ts';
import type { Exchange } from '../../../ui/console/completion/exchange.ts';
import { foldAnswer, type AnswerEvent } from '../../../ui/console/completion/fold-answer.ts';
import type { Target } from '../../../ui/console/completion/target.ts';
import { groupOf, modelOf } from '../../catalog/samples.ts';

/** The start time of every sample, in milliseconds since 1970. */
export const START = Date.UTC(2026, 10, 25, 12);

/** A chat model of Sam's desktop without capabilities. */
export function targetOf(rest: Partial<Target> = {}): Target {
  return {
    id: 'sam-desktop/qwen',
    name: 'Qwen',
    provider: 'sam-desktop',
    label: "Sam's desktop",
    model: 'qwen',
    aliases: [],
    reportsRunning: true,
    hasVision: false,
    generatesImages: false,
    editsImages: false,
    canChat: true,
    ...rest,
  };
}

/** An answer of that model that has just been requested. */
export function answerOf(rest: Partial<Answer> = {}): Answer {
  const { id, name, provider, label } = targetOf();
  return { ...createAnswer({ id, name, provider, label }, START), ...rest };
}

/** The answer after events, each with its time in milliseconds since the request. */
export function fold(events: readonly (readonly [ms: number, event: AnswerEvent])[]): Answer {
  return events.reduce(
    (answer, [ms, event]) => foldAnswer(answer, { ...event, at: START + ms }),
    answerOf(),
  );
}

/** A chat chunk in llama-server's form. */
export function chunk(delta: object, rest: object = {}): AnswerEvent {
  const choices = [{ index: 0, delta, finish_reason: null }];
  const envelope = { id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'qwen' };
  return { type: 'data', data: JSON.stringify({ ...envelope, choices, ...rest }) };
}

/** A message that llama-swap sends while it loads a model. */
export function progress(text: string): AnswerEvent {
  const choices = [{ delta: { reasoning_content: text } }];
  return { type: 'data', data: JSON.stringify({ choices }) };
}

/** The end of a stream in llama-server's form. */
export const DONE: AnswerEvent = { type: 'data', data: '[DONE]' };

/** A question with a complete answer. */
export function exchangeOf(text: string, content: string, rest: Partial<Exchange> = {}): Exchange {
  return { id: text, text, images: [], answer: answerOf({ state: 'done', content }), ...rest };
}

/** A catalog of models with these fields, by ID. */
export function catalogOf(
  models: Readonly<Record<string, Parameters<typeof modelOf>[1]>>,
  rest: Partial<Catalog> = {},
): Catalog {
  const all = Object.entries(models).map(([id, known]) => modelOf(id, known));
  const names = [...new Set(all.map(({ provider }) => provider))];
  return {
    generatedAt: '2026-11-25T12:00:00.000Z',
    defaultModel: null,
    favorites: all.filter(({ favorite }) => favorite),
    hiddenFavorites: 0,
    providers: names.map((name) =>
      groupOf(name, { models: all.filter(({ provider }) => provider === name) }),
    ),
    ...rest,
  } as Catalog;
}
