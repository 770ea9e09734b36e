import { describe, expect, it } from 'vitest';
import { toChatBody } from '../../../../ui/console/completion/chat-request.ts';
import { NO_PARAMETERS } from '../../../../ui/console/completion/parameters.ts';
import { exchangeOf, targetOf } from '../samples.ts';

const PICTURE = 'data:image/png;base64,AA==';
const ask = {
  target: targetOf(),
  history: [],
  text: 'Hello',
  images: [],
  parameters: NO_PARAMETERS,
};

describe('a chat request', () => {
  it('asks for a stream with its count of tokens, and leaves all else to the host', () => {
    expect(toChatBody(ask)).toEqual({
      model: 'sam-desktop/qwen',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('holds what somebody set', () => {
    const parameters = { system: 'Be brief.', temperature: 0, topP: 0.9, maxTokens: 64 };
    expect(toChatBody({ ...ask, parameters })).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
      ],
      temperature: 0,
      top_p: 0.9,
      max_tokens: 64,
    });
  });

  it('holds what was said, without reasoning', () => {
    const said = exchangeOf('Hi', 'Hi there.');
    const history = [{ ...said, answer: { ...said.answer, reasoning: 'A greeting.' } }];
    expect(toChatBody({ ...ask, history })).toMatchObject({
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hi there.' },
        { role: 'user', content: 'Hello' },
      ],
    });
  });

  it('makes one of questions without an answer between them', () => {
    expect(toChatBody({ ...ask, history: [exchangeOf('Hi', '')] })).toMatchObject({
      messages: [{ role: 'user', content: 'Hi\n\nHello' }],
    });
  });

  it.each([
    [
      true,
      [
        { type: 'text', text: 'Hello' },
        { type: 'image_url', image_url: { url: PICTURE } },
      ],
    ],
    [false, 'Hello'],
  ])('holds pictures for a model with vision: %s', (hasVision, content) => {
    const body = toChatBody({ ...ask, target: targetOf({ hasVision }), images: [PICTURE] });
    expect(body).toMatchObject({ messages: [{ role: 'user', content }] });
  });

  it('holds a picture alone', () => {
    const target = targetOf({ hasVision: true });
    const body = toChatBody({ ...ask, target, text: '', images: [PICTURE] });
    expect(body).toMatchObject({
      messages: [{ content: [{ type: 'image_url', image_url: { url: PICTURE } }] }],
    });
  });
});
