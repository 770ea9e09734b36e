import { describe, expect, it } from 'vitest';
import { toChatBody } from '../../../../ui/console/completion/chat-request.ts';
import { NO_PARAMETERS } from '../../../../ui/console/completion/parameters.ts';
import { exchangeOf, targetOf } from '../samples.ts';

const PICTURE = 'data:image/png;base64,AA==';
const request = {
  target: targetOf(),
  history: [],
  text: 'Hello',
  images: [],
  parameters: NO_PARAMETERS,
};

describe('toChatBody', () => {
  it('requests a stream with token usage, and sets no other parameter', () => {
    expect(toChatBody(request)).toEqual({
      model: 'sam-desktop/qwen',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('contains the parameters that are set', () => {
    const parameters = { system: 'Be brief.', temperature: 0, topP: 0.9, maxTokens: 64 };
    expect(toChatBody({ ...request, parameters })).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
      ],
      temperature: 0,
      top_p: 0.9,
      max_tokens: 64,
    });
  });

  it('contains earlier messages without reasoning', () => {
    const earlier = exchangeOf('Hi', 'Hi there.');
    const history = [{ ...earlier, answer: { ...earlier.answer, reasoning: 'A greeting.' } }];
    expect(toChatBody({ ...request, history })).toMatchObject({
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hi there.' },
        { role: 'user', content: 'Hello' },
      ],
    });
  });

  it('joins questions without an answer between them', () => {
    expect(toChatBody({ ...request, history: [exchangeOf('Hi', '')] })).toMatchObject({
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
  ])('contains pictures for a model with vision: %s', (hasVision, content) => {
    const body = toChatBody({ ...request, target: targetOf({ hasVision }), images: [PICTURE] });
    expect(body).toMatchObject({ messages: [{ role: 'user', content }] });
  });

  it('can contain a picture without text', () => {
    const target = targetOf({ hasVision: true });
    const body = toChatBody({ ...request, target, text: '', images: [PICTURE] });
    expect(body).toMatchObject({
      messages: [{ content: [{ type: 'image_url', image_url: { url: PICTURE } }] }],
    });
  });
});
