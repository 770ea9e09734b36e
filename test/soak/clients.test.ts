import { Pool } from 'undici';
import { describe, expect, it } from 'vitest';
import { runClients } from './clients.ts';
import { toPieces } from './exchange.ts';
import { MODELS } from './hosts.ts';
import { readMessage } from './read-message.ts';
import { Tally } from './tally.ts';
import { whileTesting } from '../hosts.ts';
import { startRecorder, type Reply } from '../recorder.ts';

/** So many requests are answered in all; every fifth is lied to. */
const ENOUGH = 250;
const EVERY = 5;

interface Answer {
  host: string;
  nonce: string;
  text: string;
}

/** What a gateway may do to an answer. */
type Lie = (answer: Answer, last: Answer) => 'drop' | Answer;

const LIES: Record<string, Lie> = {
  'mixes up two answers': (answer, last) => ({ ...answer, text: last.text }),
  'asks another host': (answer) => ({
    ...answer,
    text: answer.text.replaceAll(`"host":"${answer.host}"`, '"host":"shaky-1"'),
  }),
  'leaves out the end': (answer) => ({ ...answer, text: answer.text.slice(0, -1) }),
  'loses an answer': () => 'drop',
};

/** Runs the soak's clients against a gateway that answers for all hosts. Returns the counts of plain chats. */
async function soak(lie: Lie) {
  const ending = new AbortController();
  const tally = new Tally();
  let number = 0;
  let last: Answer = { host: '', nonce: '', text: '{}' };
  const answer = async (...[response, { url, headers, body }]: Parameters<Reply>) => {
    number += 1;
    if (number >= ENOUGH) ending.abort();
    if (!url.startsWith('/v1/') || url === '/v1/models') return void response.end('{}');
    const { model: id, order, digest } = await readMessage(body, headers['content-type'] ?? '');
    const [host = '', model = ''] = id.split(/\/(.*)/su);
    const parts = { kind: order.kind, nonce: order.nonce, host, model, path: url, digest };
    const due = { host, nonce: order.nonce, text: toPieces(parts).join('') };
    const sent = number % EVERY === 0 && host !== 'shaky-1' ? lie(due, last) : due;
    last = due;
    if (sent === 'drop') return void response.destroy();
    response.writeHead(200, { 'x-paddock-provider': host, 'x-paddock-model': MODELS[model] });
    response.end(sent.text);
  };
  const gateway = await whileTesting(
    startRecorder((...exchange) => void answer(...exchange).catch(() => exchange[0].destroy())),
  );
  const paddock = new Pool(`http://127.0.0.1:${gateway.port}`);
  const { signal } = ending;
  await runClients(8, { paddock, seed: 1, tally, wasDown: () => false, ending: signal });
  await paddock.destroy();
  const { chat } = Object.fromEntries(tally.kinds);
  return { right: 0, lost: 0, wrong: 0, ...chat, failures: tally.failures.join('\n') };
}

describe('the clients of the soak', () => {
  it('find nothing where every answer is the right one', async () => {
    const { right, lost, wrong } = await soak((answer) => answer);
    expect({ lost, wrong }).toEqual({ lost: 0, wrong: 0 });
    expect(right).toBeGreaterThan(20);
  });

  it.each(Object.entries(LIES))('catch a gateway that %s', async (_name, lie) => {
    const { right, lost, wrong, failures } = await soak(lie);
    expect(right).toBeGreaterThan(20);
    expect(lost + wrong).toBeGreaterThan(0);
    expect(failures).toMatch(/^(?:lost|wrong): chat: /mu);
  });
});
