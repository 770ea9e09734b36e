import { describe, expect, it, test } from 'vitest';
import { readModelList } from '../../src/catalog/read-model-list.ts';
import { readOne } from './read-list.ts';

describe('modalities', () => {
  const see = { input: ['text', 'image'], output: ['text'] };
  const asArchitecture = ({ input, output }: typeof see) => ({
    architecture: { input_modalities: input, output_modalities: output },
  });
  it.each([
    ['what architecture says', see, ['vision']],
    ['what hears', { input: ['text', 'audio'], output: ['text'] }, ['audio']],
    [
      'what sees and hears',
      { input: ['text', 'image', 'audio'], output: ['text'] },
      ['audio', 'vision'],
    ],
    ['what reads alone', { input: ['text'], output: ['text'] }, []],
    ['what makes pictures out of pictures', { input: ['image'], output: ['image'] }, []],
    [
      'what sees, and writes and paints',
      { input: ['text', 'image'], output: ['text', 'image'] },
      ['vision'],
    ],
    ['what does not say what it gives', { input: ['image'], output: [] }, ['vision']],
  ])('give capabilities: %s', (_, modalities, capabilities) => {
    expect(readOne(asArchitecture(modalities))).toMatchObject({ modalities, capabilities });
  });

  // llama-swap says of both that they transcribe.
  it.each([
    ['no chat', ['audio'], ['audio_transcriptions']],
    ['a chat', ['text', 'audio'], ['audio', 'audio_transcriptions']],
  ])('add %s with sounds to what transcribes and takes %s', (_, input, capabilities) => {
    const ears = asArchitecture({ input, output: ['text'] });
    expect(readOne({ ...ears, capabilities: { audio_transcriptions: true } })).toMatchObject({
      capabilities,
    });
  });

  test('add nothing that is named already', () => {
    expect(readOne({ ...asArchitecture(see), capabilities: { vision: true } })).toMatchObject({
      capabilities: ['vision'],
    });
  });

  it.each([
    ['null', null],
    ['a text', 'image'],
    ['texts', ['image']],
    ['without lists', { input_modalities: 'image', output_modalities: null }],
    ['with odd lists', { input_modalities: [1, {}, ''], output_modalities: {} }],
  ])('are unknown where architecture is %s', (_, architecture) => {
    expect(readOne({ architecture })?.modalities).toEqual({ input: [], output: [] });
  });

  it.each([
    ['as it was', undefined, ['vision']],
    ['that hears', { input_modalities: ['text', 'audio'], output_modalities: ['text'] }, ['audio']],
    ['with text alone', { input_modalities: ['text'], output_modalities: ['text'] }, ['vision']],
  ])('are those of a multimodal model of llama-server %s', (_, architecture, capabilities) => {
    const list = {
      models: [
        { name: 'm', model: 'm', capabilities: ['completion', 'multimodal'] },
        { name: 'n', model: 'n', capabilities: ['completion'] },
        null,
      ],
      object: 'list',
      data: [{ id: 'm', architecture }, { id: 'n' }],
    };
    const models = readModelList(list, { provider: 'lab', running: null });
    expect(models?.map((model) => model.capabilities)).toEqual([capabilities, []]);
  });
});
