import { describe, expect, it, test } from 'vitest';
import { readOne, readModelList } from './read-list.ts';

describe('modalities', () => {
  const vision = { input: ['text', 'image'], output: ['text'] };
  const asArchitecture = ({ input, output }: typeof vision) => ({
    architecture: { input_modalities: input, output_modalities: output },
  });
  it.each([
    ['text and images to text', vision, ['vision']],
    ['text and audio to text', { input: ['text', 'audio'], output: ['text'] }, ['audio']],
    [
      'text, images and audio to text',
      { input: ['text', 'image', 'audio'], output: ['text'] },
      ['audio', 'vision'],
    ],
    ['text to text', { input: ['text'], output: ['text'] }, []],
    ['images to images', { input: ['image'], output: ['image'] }, []],
    [
      'text and images to text and images',
      { input: ['text', 'image'], output: ['text', 'image'] },
      ['vision'],
    ],
    ['images to unknown output', { input: ['image'], output: [] }, ['vision']],
  ])('determine the capabilities: %s', (_, modalities, capabilities) => {
    expect(readOne(asArchitecture(modalities))).toMatchObject({ modalities, capabilities });
  });

  // llama-swap reports audio_transcriptions for both.
  it.each([
    ['audio alone', ['audio'], ['audio_transcriptions']],
    ['text and audio', ['text', 'audio'], ['audio', 'audio_transcriptions']],
  ])('of %s give a transcribing model the right capabilities', (_, input, capabilities) => {
    const architecture = asArchitecture({ input, output: ['text'] });
    expect(
      readOne({ ...architecture, capabilities: { audio_transcriptions: true } }),
    ).toMatchObject({
      capabilities,
    });
  });

  test('add no capability twice', () => {
    expect(readOne({ ...asArchitecture(vision), capabilities: { vision: true } })).toMatchObject({
      capabilities: ['vision'],
    });
  });

  it.each([
    ['null', null],
    ['a text', 'image'],
    ['a list', ['image']],
    ['an object without lists', { input_modalities: 'image', output_modalities: null }],
    ['an object with invalid lists', { input_modalities: [1, {}, ''], output_modalities: {} }],
  ])('are empty when architecture is %s', (_, architecture) => {
    expect(readOne({ architecture })?.modalities).toEqual({ input: [], output: [] });
  });

  it.each([
    ['without architecture', undefined, ['vision']],
    [
      'with audio input',
      { input_modalities: ['text', 'audio'], output_modalities: ['text'] },
      ['audio'],
    ],
    ['with text input', { input_modalities: ['text'], output_modalities: ['text'] }, ['vision']],
  ])(
    'set the capabilities of a multimodal model of llama-server %s',
    (_, architecture, capabilities) => {
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
    },
  );
});
