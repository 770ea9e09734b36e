import { beforeEach, describe, expect, it } from 'vitest';
import { delta, events, messages, readAnswer, readLines, serveOllama } from './ollama-fixture.ts';

const { app, reply, replyJson, post, requests, sent } = serveOllama();

describe('GET / for clients of Ollama', () => {
  it('says that Ollama is running', async () => {
    for (const method of ['GET', 'HEAD']) {
      const answer = await app().ask('/', { method, headers: { 'user-agent': 'ollama-js/0.6' } });
      expect([answer.status, await answer.text()]).toEqual([
        200,
        method === 'HEAD' ? '' : 'Ollama is running',
      ]);
      expect(answer.headers.get('vary')).toMatch(/user-agent/iu);
    }
  });
});

describe('the lists', () => {
  it('name every model of /v1/models in /api/tags', async () => {
    const { data } = await app().read('/v1/models');
    const { models } = await app().read('/api/tags');
    expect(models.map(({ name }: any) => name)).toEqual(data.map(({ id }: any) => id));
    const digests = new Set(models.map(({ digest }: any) => digest));
    expect(digests.size).toBe(models.length);
    expect(models).toContainEqual({
      name: 'a/m',
      model: 'a/m',
      size: 0,
      modified_at: expect.stringMatching(/^\d{4}-.*Z$/u),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/u),
      details: expect.objectContaining({ format: '', families: [] }),
      capabilities: ['completion', 'tools'],
    });
  });

  it('name the loaded models once in /api/ps', async () => {
    const { models } = await app().read('/api/ps');
    expect(models).toMatchObject([{ name: 'a/m', model: 'a/m', size_vram: 0 }]);
    expect(Date.parse(models[0].expires_at)).toBeGreaterThan(Date.now());
  });

  it('answers 304 to a client that has the list', async () => {
    const etag = (await app().ask('/api/tags')).headers.get('etag') ?? '';
    const again = await app().ask('/api/tags', { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });
});

describe('POST /api/show', () => {
  it.each(['a/m', 'm', 'fast', 'a/m:latest', 'fast:latest', 'a/team/größe 7:b ?#%'])(
    'describes "%s"',
    async (model) => {
      const shown = await readAnswer(await post('/api/show', { model }));
      expect(shown).toMatchObject({ capabilities: ['completion', 'tools'], template: '' });
      expect(shown.model_info['general.architecture']).toBe('unknown');
    },
  );

  it('accepts the older field "name"', async () => {
    expect((await post('/api/show', { name: 'a/m' })).status).toBe(200);
  });

  it('does not say that an offline provider lacks a model', async () => {
    const answer = await post('/api/show', { model: 'dead/m' });
    const error = expect.stringMatching(/^Paddock does not know the models of dead/u);
    expect([answer.status, await readAnswer(answer)]).toEqual([404, { error }]);
    expect((await app().read('/v1/models/dead/m')).error.message).toMatch(
      /^Paddock does not know the models/u,
    );
  });

  it('refuses a model that is not listed', async () => {
    const answer = await post('/api/show', { model: 'a/nothing' });
    expect([answer.status, await readAnswer(answer)]).toEqual([
      404,
      { error: 'a does not list "nothing". GET /api/tags lists the available models.' },
    ]);
  });
});

describe('a name with :latest', () => {
  it.each([
    ['a/m:latest', '/v1/chat/completions', 'm'],
    ['fast:latest', '/v1/chat/completions', 'm'],
    ['tagged:latest', '/v1/chat/completions', 'm'],
    ['', '/v1/chat/completions', 'm'],
  ])('"%s" reaches the model that is listed without it', async (model, url, name) => {
    await post('/api/chat', { model, messages });
    expect([sent().url, sent().body.model]).toEqual([url, name]);
  });

  it('stays as it is on other routes', async () => {
    await post('/v1/chat/completions', { model: 'a/m:latest', messages });
    expect(sent().body.model).toBe('m:latest');
  });
});

describe('POST /api/chat', () => {
  it('sends OpenAI’s request, with JSON’s content type whatever the client’s is', async () => {
    await post(
      '/api/chat',
      {
        model: 'a/m',
        messages: [{ role: 'User', content: 'Hi' }],
        options: {
          ...{ num_predict: 7.9, temperature: 0, top_p: 0.5, top_k: 3, min_p: 0.1, seed: 5 },
          ...{ stop: ['x'], repeat_penalty: 1.1, presence_penalty: 0.2, num_ctx: 9, nonsense: {} },
          ...{ frequency_penalty: null },
        },
        keep_alive: '5m',
      },
      { 'content-type': 'application/x-www-form-urlencoded', authorization: 'Bearer mine' },
    );
    const { headers, body } = sent();
    expect(headers['content-type']).toBe('application/json');
    expect(headers['authorization']).toBe('Bearer no-key');
    expect(body).toEqual({
      model: 'm',
      messages,
      stream: true,
      stream_options: { include_usage: true },
      ...{ max_tokens: 7, temperature: 0, top_p: 0.5, top_k: 3, min_p: 0.1, seed: 5 },
      ...{ stop: ['x'], repeat_penalty: 1.1, presence_penalty: 0.2 },
    });
  });

  it.each([0, -1, -2])('sends no limit for "num_predict": %s', async (limit) => {
    await post('/api/chat', { model: 'a/m', messages, options: { num_predict: limit } });
    expect(sent().body).not.toHaveProperty('max_tokens');
  });

  it('streams a line for each event, then a last one with the counts', async () => {
    reply(
      events(
        delta({ role: 'assistant', content: null }),
        delta({ reasoning_content: 'Hm' }),
        delta({ content: 'He' }),
        delta({ content: 'llo' }),
        delta({}, 'length'),
        {
          choices: [],
          usage: { prompt_tokens: 5, completion_tokens: 3 },
          timings: { prompt_n: 1, cache_n: 4, prompt_ms: 2.5, predicted_n: 3, predicted_ms: 30 },
        },
        '[DONE]',
      ),
    );
    const answer = await post('/api/chat', { model: 'a/m:latest', messages });
    expect(answer.headers.get('x-paddock-model')).toBe('m');
    expect(answer.headers.get('x-request-id')).toBe(sent().headers['x-request-id']);
    const lines = await readLines(answer);
    expect(lines.map(({ message }) => message)).toEqual([
      { role: 'assistant', content: '', thinking: 'Hm' },
      { role: 'assistant', content: 'He' },
      { role: 'assistant', content: 'llo' },
      { role: 'assistant', content: '' },
    ]);
    expect(lines.map(({ done }) => done)).toEqual([false, false, false, true]);
    expect(lines.at(-1)).toMatchObject({
      model: 'a/m:latest',
      created_at: expect.stringMatching(/Z$/u),
      done_reason: 'length',
      prompt_eval_count: 5,
      prompt_eval_duration: 2_500_000,
      eval_count: 3,
      eval_duration: 30_000_000,
      total_duration: expect.any(Number),
    });
    expect(app().lines.at(-1)).toMatchObject({ route: '/api/chat', model: 'm', end: 'complete' });
  });

  it('answers a whole reply with "stream": false', async () => {
    replyJson({
      choices: [{ message: { content: 'Hello', reasoning_content: 'Hm' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 5, completion_tokens: 3 },
    });
    const answer = await post('/api/chat', { model: 'o/m', messages, stream: false });
    expect(sent().body).toMatchObject({ stream: false });
    expect(sent().body.stream_options).toBeUndefined();
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/u);
    expect(await readAnswer(answer)).toMatchObject({
      model: 'o/m',
      message: { role: 'assistant', content: 'Hello', thinking: 'Hm' },
      done: true,
      done_reason: 'stop',
      prompt_eval_count: 5,
      eval_count: 3,
    });
  });

  it('gathers the pieces of tool calls', async () => {
    reply(
      events(
        delta({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'f', arguments: '{"a"' } }] }),
        delta({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
        delta({ tool_calls: [{ index: 1, id: 'c2', function: { name: 'g', arguments: '' } }] }),
        delta({}, 'tool_calls'),
        '[DONE]',
      ),
    );
    const tools = [{ function: { name: 'f', parameters: { type: 'object' } } }];
    const lines = await readLines(await post('/api/chat', { model: 'a/m', messages, tools }));
    expect(sent().body.tools).toEqual([{ type: 'function', ...tools[0] }]);
    expect(lines[0].message.tool_calls).toEqual([
      { id: 'c1', function: { index: 0, name: 'f', arguments: { a: 1 } } },
      { id: 'c2', function: { index: 1, name: 'g', arguments: {} } },
    ]);
    expect(lines[1]).toMatchObject({ done: true, done_reason: 'stop' });
  });

  it.each([true, false])(
    'reads a list of parts as Mistral sends it, "stream": %s',
    async (stream) => {
      const content = [
        { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] },
        { type: 'text', text: 'Yes' },
        { type: 'reference', reference_ids: [1] },
      ];
      if (stream) reply(events(delta({ content }, 'stop'), '[DONE]'));
      else replyJson({ choices: [{ message: { content }, finish_reason: 'stop' }] });
      const answer = await post('/api/chat', { model: 'o/m', messages, stream });
      const [line] = stream ? await readLines(answer) : [await readAnswer(answer)];
      expect(line.message).toEqual({ role: 'assistant', content: 'Yes', thinking: 'Hm' });
    },
  );

  it('links the results of tools to their calls', async () => {
    const call = (name: string) => ({ function: { name, arguments: { x: [1] } } });
    await post('/api/chat', {
      model: 'a/m',
      messages: [
        { role: 'assistant', content: '', thinking: 'Hm', tool_calls: [call('f'), call('g')] },
        { role: 'tool', tool_name: 'g', content: 'G' },
        { role: 'tool', content: 'F' },
      ],
    });
    const toCall = (id: string, name: string) => ({
      id,
      type: 'function',
      function: { name, arguments: '{"x":[1]}' },
    });
    expect(sent().body.messages).toEqual([
      {
        role: 'assistant',
        content: '',
        reasoning_content: 'Hm',
        tool_calls: [toCall('call_1', 'f'), toCall('call_2', 'g')],
      },
      { role: 'tool', content: 'G', tool_call_id: 'call_2' },
      { role: 'tool', content: 'F', tool_call_id: 'call_1' },
    ]);
  });

  it('sends images with the type that their bytes show', async () => {
    const png = Buffer.from('\x89PNG\r\n\x1a\n0000000000', 'latin1').toString('base64');
    const wav = Buffer.from('RIFF0000WAVEfmt ', 'latin1').toString('base64');
    await post('/api/chat', {
      model: 'a/m',
      messages: [{ role: 'user', content: 'See', images: [png, 'AAAA', wav] }],
    });
    expect(sent().body.messages[0].content).toEqual([
      { type: 'text', text: 'See' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
      { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,AAAA' } },
      { type: 'input_audio', input_audio: { data: wav, format: 'wav' } },
    ]);
  });

  const schema = { type: 'object', properties: { a: { type: 'number' } } };
  it.each([
    ['a/m', 'json', { type: 'json_object' }],
    ['a/m', '', undefined],
    ['a/m', schema, { type: 'json_schema', json_schema: { name: 'answer', schema } }],
    ['deepseek/m', schema, { type: 'json_object' }],
  ])('asks %s for the format %j', async (model, format, expected) => {
    await post('/api/chat', { model, messages, format });
    expect(sent().body.response_format).toEqual(expected);
    const stated = model === 'deepseek/m' ? [expect.stringContaining('"number"')] : [];
    expect(sent().body.messages.map(({ content }: any) => content)).toEqual([...stated, 'Hi']);
  });

  it.each([
    ['a/m', true, { chat_template_kwargs: { enable_thinking: true } }],
    ['o/m', false, { chat_template_kwargs: { enable_thinking: false } }],
    [
      'a/m',
      'max',
      {
        reasoning_effort: 'high',
        chat_template_kwargs: { enable_thinking: true, reasoning_effort: 'high' },
      },
    ],
    ['deepseek/m', false, { thinking: { type: 'disabled' } }],
    ['deepseek/m', 'low', { thinking: { type: 'enabled' }, reasoning_effort: 'low' }],
  ])('asks %s to think: %j', async (model, think, expected) => {
    await post('/api/chat', { model, messages, think });
    expect(sent().body).toMatchObject(expected);
  });

  it('keeps log probabilities', async () => {
    const logprobs = { content: [{ token: 'H', logprob: -1, top_logprobs: [] }] };
    replyJson({ choices: [{ message: { content: 'H' }, finish_reason: 'stop', logprobs }] });
    const body = { model: 'a/m', messages, stream: false, logprobs: true, top_logprobs: 2 };
    const answer = await readAnswer(await post('/api/chat', body));
    expect(sent().body).toMatchObject({ logprobs: true, top_logprobs: 2 });
    expect(answer.logprobs).toEqual(logprobs.content);
  });

  it.each([0, '0', '0s'])(
    'unloads the model without messages and "keep_alive": %j',
    async (time) => {
      replyJson('OK');
      const answer = await post('/api/chat', { model: 'fast:latest', keep_alive: time });
      expect(await readAnswer(answer)).toMatchObject({ done: true, done_reason: 'unload' });
      expect(requests().at(-1)?.url).toBe('/api/models/unload/m');
      const other = await post('/api/generate', { model: 'o/m', keep_alive: time });
      expect(await readAnswer(other)).toMatchObject({ response: '', done_reason: 'unload' });
    },
  );

  it('answers a request without messages without generating', async () => {
    const before = requests().length;
    expect(await readAnswer(await post('/api/chat', { model: 'a/m' }))).toMatchObject({
      model: 'a/m',
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason: 'load',
    });
    expect((await post('/api/chat', { model: 'o/absent', messages: [] })).status).toBe(404);
    expect(requests().length).toBe(before);
  });

  it.each([
    [{}, '/upstream/unlisted/health'],
    [{ keep_alive: 0 }, '/api/models/unload/unlisted'],
  ])('lets a llama-swap decide whether it has an unlisted model: %j', async (fields, path) => {
    for (const status of [200, 404]) {
      const asked: unknown[] = [];
      reply((response, { url }) => {
        asked.push(url);
        response.writeHead(status, { 'content-type': 'text/plain' }).end('OK');
      });
      const answer = await post('/api/chat', { model: 'a/unlisted', ...fields });
      expect([answer.status, asked]).toEqual([status, [path]]);
    }
  });
});

describe('POST /api/generate', () => {
  it('asks for a chat', async () => {
    reply(events(delta({ content: 'Yes' }), delta({}, 'stop'), '[DONE]'));
    const body = { model: 'a/m', prompt: 'Well?', system: 'Be brief', images: ['AAAA'] };
    const lines = await readLines(await post('/api/generate', body));
    expect(sent().url).toBe('/v1/chat/completions');
    expect(sent().body.messages).toMatchObject([
      { role: 'system', content: 'Be brief' },
      { role: 'user', content: [{ type: 'text', text: 'Well?' }, { type: 'image_url' }] },
    ]);
    expect(lines).toMatchObject([
      { response: 'Yes', done: false },
      { response: '', done: true, done_reason: 'stop' },
    ]);
  });

  it.each([
    [{ raw: true }, 'P'],
    [
      { template: '{{ .System }} U: {{ .Prompt }}\nA: {{ .Response }} end', system: 'S' },
      'S U: P\nA: ',
    ],
    [{ template: '{{- if .System }}[{{ .System }}]{{ else }}[]{{ end -}}  {{ .Prompt }}' }, '[]P'],
  ])('asks for a completion for %j', async (fields, prompt) => {
    reply(events({ choices: [{ text: 'Yes', finish_reason: null }] }, '[DONE]'));
    const lines = await readLines(
      await post('/api/generate', { model: 'a/m', prompt: 'P', ...fields }),
    );
    expect(sent().url).toBe('/v1/completions');
    expect(sent().body).toMatchObject({ prompt, stream: true });
    expect(lines).toMatchObject([{ response: 'Yes' }, { done: true, done_reason: 'stop' }]);
  });

  it('asks llama.cpp to fill in between a prompt and a suffix', async () => {
    reply(
      events(
        { content: '1', stop: false },
        { content: '', stop: true, stop_type: 'limit', timings: { prompt_n: 2, predicted_n: 1 } },
      ),
    );
    const body = { model: 'a/m', prompt: 'a = ', suffix: ';', options: { num_predict: 3 } };
    const lines = await readLines(await post('/api/generate', body));
    expect(sent().url).toBe('/infill');
    expect(sent().body).toMatchObject({ input_prefix: 'a = ', input_suffix: ';', n_predict: 3 });
    expect(lines).toMatchObject([
      { response: '1' },
      { done: true, done_reason: 'length', prompt_eval_count: 2, eval_count: 1 },
    ]);
    await post('/api/generate', { ...body, model: 'o/m' });
    expect(sent()).toMatchObject({ url: '/v1/completions', body: { prompt: 'a = ', suffix: ';' } });
  });
});

describe('embeddings', () => {
  it('are of magnitude 1 in /api/embed, and as the provider gave them in /api/embeddings', async () => {
    replyJson({ data: [{ embedding: [3, 4, 5] }], usage: { prompt_tokens: 2 } });
    const embed = await post('/api/embed', { model: 'a/embed', input: 'Hi', dimensions: 2 });
    expect(sent()).toMatchObject({
      url: '/v1/embeddings',
      body: { model: 'embed', input: ['Hi'], dimensions: 2, encoding_format: 'float' },
    });
    expect(await readAnswer(embed)).toMatchObject({
      model: 'a/embed',
      embeddings: [[0.6, 0.8]],
      prompt_eval_count: 2,
    });
    const older = await post('/api/embeddings', { model: 'a/embed', prompt: 'Hi' });
    expect(await readAnswer(older)).toEqual({ embedding: [3, 4, 5] });
  });

  it('of the wrong number are refused', async () => {
    replyJson({ data: [{ embedding: [1] }] });
    const answer = await post('/api/embed', { model: 'a/m', input: ['x', 'y'] });
    expect([answer.status, await readAnswer(answer)]).toEqual([
      502,
      { error: 'a sent 1 embeddings for 2 texts.' },
    ]);
  });

  it('count no tokens where the provider reports null', async () => {
    replyJson({ data: [{ embedding: [1] }], usage: { prompt_tokens: null } });
    const answer = await readAnswer(await post('/api/embed', { model: 'a/m', input: 'x' }));
    expect(answer.prompt_eval_count).toBe(0);
  });

  it('of nothing are none', async () => {
    const embed = await post('/api/embed', { model: 'a/embed', input: [] });
    expect(await readAnswer(embed)).toEqual({ model: 'a/embed', embeddings: [] });
    const older = await post('/api/embeddings', { model: 'a/embed' });
    expect(await readAnswer(older)).toEqual({ embedding: [] });
  });
});

describe('a provider with Ollama’s API', () => {
  const answer = '{"model":"org/x:q4","message":{"content":"\\u0041"},"new":1,"done":true}\n';
  beforeEach(() => {
    reply((response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(answer);
    });
  });

  it.each(['chat', 'generate', 'embed', 'embeddings', 'show'])(
    'gets the client’s bytes at /api/%s, and its answer passes unchanged',
    async (route) => {
      const rest =
        '"keep_alive" : 1e2,"prompt":"P","input":"I","messages":[{"role":"user"}],"new":[1.0]}';
      const got = await post(`/api/${route}`, `{ "model":"n/org/x:q4", ${rest}`);
      expect(await got.text()).toBe(answer);
      expect(got.headers.get('x-paddock-model')).toBe('org/x:q4');
      const request = requests().at(-1);
      expect(request?.url).toBe(`/api/${route}`);
      expect(String(request?.body)).toBe(`{ "model":"org/x:q4", ${rest}`);
    },
  );

  it('gets requests that generate nothing, and those that name an unlisted :latest', async () => {
    await post('/api/chat', { model: 'n/y:latest', keep_alive: 0 });
    expect(sent()).toMatchObject({ url: '/api/chat', body: { model: 'y', keep_alive: 0 } });
  });
});
