// Answers, models and catalogs that say no more than they must.

import type { Catalog } from '../../../ui/fleet/catalog.ts';
import { createAnswer, type Answer } from '../../../ui/console/completion/answer.ts';
import type { Exchange } from '../../../ui/console/completion/exchange.ts';
import { foldAnswer, type AnswerEvent } from '../../../ui/console/completion/fold-answer.ts';
import type { Target } from '../../../ui/console/completion/target.ts';
import { groupOf, modelOf } from '../../catalog/samples.ts';

/** When every sample is asked: 12 o'clock of some day, in milliseconds since 1970. */
export const START = Date.UTC(2026, 10, 25, 12);

/** A model of Sam's desktop that can do nothing in particular. */
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

/** An answer of that model that has just been asked for. */
export function answerOf(rest: Partial<Answer> = {}): Answer {
  const { id, name, provider, label } = targetOf();
  return { ...createAnswer({ id, name, provider, label }, START), ...rest };
}

/** The answer after events, each with its time in milliseconds since it was asked. */
export function fold(events: readonly (readonly [ms: number, event: AnswerEvent])[]): Answer {
  return events.reduce(
    (answer, [ms, event]) => foldAnswer(answer, { ...event, at: START + ms }),
    answerOf(),
  );
}

/** A chunk of a chat as llama-server sends it. */
export function chunk(delta: object, rest: object = {}): AnswerEvent {
  const choices = [{ index: 0, delta, finish_reason: null }];
  const envelope = { id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'qwen' };
  return { type: 'data', data: JSON.stringify({ ...envelope, choices, ...rest }) };
}

/** What llama-swap sends of itself while it loads a model. */
export function progress(text: string): AnswerEvent {
  const choices = [{ delta: { reasoning_content: text } }];
  return { type: 'data', data: JSON.stringify({ choices }) };
}

/** The end of a stream, as llama-server writes it. */
export const DONE: AnswerEvent = { type: 'data', data: '[DONE]' };

/** A question that was answered with a text. */
export function exchangeOf(text: string, content: string, rest: Partial<Exchange> = {}): Exchange {
  return { id: text, text, images: [], answer: answerOf({ state: 'done', content }), ...rest };
}

/** A catalog of these models by ID, with what is known of each. */
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
