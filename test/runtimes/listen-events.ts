import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { onTestFinished } from 'vitest';
import { open } from '../call.ts';
import type { Instance } from './runtimes.ts';

/** Opens an event stream of Paddock for the current test and collects its events. */
export async function listen({ url }: Pick<Instance, 'url'>, topics = 'catalog,favorites') {
  const path = `/api/events?topics=${topics}`;
  const { answer, leave } = await open(url + path, { method: 'GET' }).opened;
  onTestFinished(leave);
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => void events.push(event) });
  answer.on('data', (chunk: Buffer) => parser.feed(String(chunk)));
  answer.on('error', () => {});
  const last = (name: string) => events.findLast(({ event }) => event === name)?.data;
  return { answer, events, last, leave };
}
