import { PaddockError } from '../../errors.ts';

/** The topics that a stream of `/api/events` can report. */
const TOPICS = ['catalog', 'favorites', 'llama-swap'] as const;

/** A topic of `/api/events`. */
export type Topic = (typeof TOPICS)[number];

/** Reads `topics`, separated by commas; without it, all topics. Throws `invalid_request` for an unknown one. */
export function readTopics(values: readonly string[]): ReadonlySet<Topic> {
  if (values.length === 0) return new Set(TOPICS);
  const names = values.flatMap((value) => value.split(',')).map((name) => name.trim());
  return new Set(names.map(requireTopic));
}

function requireTopic(name: string): Topic {
  const topic = TOPICS.find((one) => one === name);
  if (topic !== undefined) return topic;
  const message = `The topic "${name}" is unknown. The topics are ${TOPICS.join(', ')}.`;
  throw new PaddockError('invalid_request', message, { param: 'topics' });
}
