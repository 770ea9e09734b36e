import { describe, expect, it } from 'vitest';
import {
  readPictures,
  toPictureRequest,
} from '../../../../ui/console/completion/picture-request.ts';
import { fitInto } from '../../../../ui/console/completion/shrink-image.ts';
import { targetOf } from '../samples.ts';

const target = targetOf({ generatesImages: true, editsImages: true });
const PICTURE = 'data:image/jpeg;base64,/9j/';

describe('a request for a picture', () => {
  it('contains the model, the prompt and the format', () => {
    const { path, body } = toPictureRequest({ target, text: 'A barn', images: [] });
    expect(path).toBe('/v1/images/generations');
    expect(JSON.parse(String(body))).toEqual({
      model: 'sam-desktop/qwen',
      prompt: 'A barn',
      n: 1,
      response_format: 'b64_json',
    });
  });

  it('with a picture is a form with the model as its first field', async () => {
    const { path, body } = toPictureRequest({ target, text: 'In snow', images: [PICTURE] });
    expect(path).toBe('/v1/images/edits');
    const parts = [...(body as FormData).entries()];
    expect(parts.map(([name]) => name)).toEqual(['model', 'prompt', 'response_format', 'image']);
    const file = parts.at(-1)?.[1] as File;
    expect([file.type, file.name, file.size]).toEqual(['image/jpeg', 'image-1.jpg', 3]);
  });

  it('omits a picture for a model that cannot edit', () => {
    const only = targetOf({ generatesImages: true });
    expect(toPictureRequest({ target: only, text: 'A barn', images: [PICTURE] }).path).toBe(
      '/v1/images/generations',
    );
  });
});

describe('readPictures', () => {
  it.each([
    ['bytes', { data: [{ b64_json: 'AA==' }] }, 'data:image/png;base64,AA=='],
    [
      'bytes with a format',
      { output_format: 'webp', data: [{ b64_json: 'AA==' }] },
      'data:image/webp;base64,AA==',
    ],
    ['a URL', { data: [{ url: 'https://elsewhere.test/a.png' }] }, 'https://elsewhere.test/a.png'],
    [
      'bytes with an invalid format',
      { output_format: 'x;y', data: [{ b64_json: 'AA==' }] },
      'data:image/png;base64,AA==',
    ],
  ])('reads %s', (_what, body, url) => {
    expect(readPictures(body)).toEqual([{ url, caption: null }]);
  });

  it.each([[null], [{}], [{ data: [{}] }], [{ data: [{ url: 'javascript:alert(1)' }] }]])(
    'finds none in %j',
    (body) => {
      expect(readPictures(body)).toEqual([]);
    },
  );
});

describe('fitInto', () => {
  it.each([
    [
      { width: 800, height: 600 },
      { width: 800, height: 600 },
    ],
    [
      { width: 3136, height: 1568 },
      { width: 1568, height: 784 },
    ],
    [
      { width: 1000, height: 4000 },
      { width: 392, height: 1568 },
    ],
    [
      { width: 10_000, height: 1 },
      { width: 1568, height: 1 },
    ],
  ])('shrinks %j to %j', (size, fitted) => {
    expect(fitInto(size, 1568)).toEqual(fitted);
  });
});
