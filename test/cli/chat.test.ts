import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { StandardInput } from '../../src/cli/standard-input.ts';
import { until } from '../demo/host-fixture.ts';
import { json, modelList, startHost as startOddHost, whileTesting } from '../hosts.ts';
import { startFleet, startPaddock } from './command-fixture.ts';

const ESCAPE = '\u{1b}';

/** A Paddock with a provider `a` whose chat the test writes. */
async function startChat(write: (response: ServerResponse) => void, type = 'text/event-stream') {
  const host = await whileTesting(
    startOddHost({
      '/v1/models': json(modelList('m')),
      '/running': json({ running: [] }),
      '/v1/chat/completions': (_request, response) => {
        response.writeHead(200, { 'content-type': type });
        write(response);
      },
    }),
  );
  return startPaddock({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
}

const delta = (fields: object) =>
  `data: ${JSON.stringify({ id: 'x', choices: [{ index: 0, delta: fields }] })}\n\n`;
const STOP = `data: ${JSON.stringify({
  id: 'x',
  choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
  timings: { predicted_n: 12, predicted_per_second: 34 },
})}\n\ndata: [DONE]\n\n`;

/** Streams with this standard input. */
function piped(text: string | Uint8Array, source: 'pipe' | 'terminal' = 'pipe') {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return { input: toInput(source, bytes) };
}

const toInput = (
  source: StandardInput['source'],
  result: Awaited<ReturnType<StandardInput['read']>>,
): StandardInput => ({ source, read: async () => result });

describe('paddock chat', () => {
  it('prints the answer alone, and its speed on standard error', async () => {
    const { run } = await startFleet();
    const { code, stdout, stderr } = await run('chat small How are you?');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[^\n].*How are you\?.*\n$/s);
    expect(stderr).toMatch(/^\d+ tokens\/s · first token after .* · \d+ tokens\n$/);
  });

  it('prints each part when it arrives', async () => {
    let finish = () => {};
    const { run } = await startChat((response) => {
      response.write(delta({ content: 'One,' }));
      finish = () => response.end(delta({ content: ' two.' }) + STOP);
    });
    const parts: string[] = [];
    const onWrite = (text: string) => {
      parts.push(text);
      finish();
    };
    const { stdout, stderr } = await run('chat a/m Count.', { onWrite });
    expect([parts, stdout]).toEqual([['One,', ' two.', '\n'], 'One, two.\n']);
    expect(stderr).toMatch(/^34 tokens\/s · first token after \S+ m?s · 12 tokens\n$/);
  });

  it('shows the reasoning on a terminal only', async () => {
    const text = delta({ reasoning_content: 'Hm.' }) + delta({ content: 'Yes.' }) + STOP;
    const { run } = await startChat((response) => response.end(text));
    expect((await run('chat m Is it?')).stdout).toBe('Yes.\n');
    expect((await run('chat m Is it?', { width: 80 })).stdout).toBe('Reasoning: Hm.\n\nYes.\n');
    expect((await run('chat m Is it?', { width: 80, colors: true })).stdout).toBe(
      `${ESCAPE}[2mHm.${ESCAPE}[22m\n\nYes.\n`,
    );
  });

  it('removes control sequences on a terminal, also those that arrive in pieces', async () => {
    const pieces = [`a${ESCAPE}[3`, `1mb\tc\r`, `\nd${ESCAPE}]0;ti`, `tle\u{7}e\u{8}`];
    const text = pieces.map((content) => delta({ content })).join('') + STOP;
    const { run } = await startChat((response) => response.end(text));
    expect((await run('chat m x', { width: 80 })).stdout).toBe('ab\tc\nde\u{fffd}\n');
    expect((await run('chat m x')).stdout).toBe(`${pieces.join('')}\n`);
  });

  it('prints JSON', async () => {
    const text = delta({ reasoning: 'Hm.' }) + delta({ content: 'Yes.\n' }) + STOP;
    const { run } = await startChat((response) => response.end(text));
    const { code, stdout } = await run('chat m --json x');
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      {
        id: 'a/m',
        provider: 'a',
        content: 'Yes.\n',
        reasoning: 'Hm.',
        finish: 'stop',
        tokens: 12,
        tokensPerSecond: 34,
        firstTokenMs: expect.any(Number),
      },
    ]);
  });

  it.each([
    ['chat small', piped('Piped?\n'), 'Piped?'],
    ['chat small', piped('\u{feff}Typed?', 'terminal'), 'Typed?'],
    ['chat small Sum up:', piped('the text'), 'Sum up:\n\nthe text'],
    ['chat small Alone?', piped(''), 'Alone?'],
  ])('%s takes standard input', async (line, streams, prompt) => {
    const { run } = await startFleet({ a: { reply: ({ prompt: seen }) => `<${seen}>` } });
    expect(await run(line, streams)).toMatchObject({ code: 0, stdout: `<${prompt}>\n` });
  });

  it('reads an open pipe for a limited time', async () => {
    const { run } = await startFleet({ a: { reply: ({ prompt }) => `<${prompt}>` } });
    const input = toInput('pipe', null);
    const { code, stdout, stderr } = await run('chat small Hi', { input });
    expect([code, stdout]).toEqual([0, '<Hi>\n']);
    expect(stderr).toMatch(/^Nothing arrives on standard input: it is ignored\.\n/);
  });

  it.each([
    ['no prompt', {}, /^The prompt is empty: write it after the ID, or on standard input\.\n$/],
    ['empty input', piped(' \n'), /^The prompt is empty/],
    ['binary input', piped(new Uint8Array([80, 78, 71, 0, 1])), /^Standard input is not text/],
    ['input that is not UTF-8', piped(new Uint8Array([0xff, 0xfe, 65])), /^Standard input is not/],
    ['too much input', { input: toInput('pipe', 'too large') }, /larger than/],
  ] as const)('refuses %s, and sends nothing', async (_what, streams, message) => {
    const { run, a } = await startFleet();
    const { code, stdout, stderr } = await run('chat small', streams);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
    expect(a.counts.requests.get('POST /v1/chat/completions')).toBeUndefined();
  });
});

describe('paddock chat reports', () => {
  it.each([
    [
      'only-b',
      1,
      /^a answered HTTP 404: .*\na does not list "only-b"\. Did you mean b\/only-b\?\n$/,
    ],
    ['a/smal', 1, /^a answered HTTP 404: .*Did you mean a\/small or b\/small\?\n$/s],
    [
      'a/broken',
      1,
      /^a answered HTTP 50\d: .*out of memory.*\nIts log .*: paddock logs a broken\n$/,
    ],
    ['c/m', 3, /^c refused the connection/],
    ['a/', 2, /names the provider "a" but no model/],
  ])('%s', async (id, code, message) => {
    const { run } = await startFleet();
    const ended = await run(`chat ${id} Hello`);
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([
      code,
      '',
      expect.stringMatching(message),
    ]);
  });

  it.each([
    [
      'an answer that breaks off',
      delta({ content: 'Ye' }),
      'Ye\n',
      /^Incomplete: the answer ended/,
    ],
    ['no text', STOP, '', /^The model returned an empty answer\.\n$/],
    ['reasoning alone', delta({ reasoning: 'Hm' }) + STOP, '', /^The model sent only reasoning/],
    ['an error', 'data: {"error":{"message":"out of memory"}}\n\n', '', /out of memory\n$/],
  ])('%s, after what has arrived', async (_what, text, printed, message) => {
    const { run } = await startChat((response) => response.end(text));
    const { code, stdout, stderr } = await run('chat m x');
    expect([code, stdout, stderr]).toEqual([1, printed, expect.stringMatching(message)]);
  });

  it('a web page', async () => {
    const { run } = await startChat((response) => response.end('<h1>NAS</h1>'), 'text/html');
    expect(await run('chat m x')).toMatchObject({
      code: 1,
      stderr: 'The response is not an answer of a model.\n',
    });
  });

  it('nothing when the reader of its output is gone, and ends the request', async () => {
    let isGone = false;
    const { run } = await startChat((response) => {
      response.on('close', () => (isGone = true));
      response.write(delta({ content: 'One' }));
    });
    const closing = new AbortController();
    const ended = await run('chat m x', { onWrite: () => closing.abort(), closed: closing.signal });
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    await until(() => isGone);
  });
});
