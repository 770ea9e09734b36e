import type { Picture } from './answer.ts';
import type { Target } from './target.ts';

/** The input of a picture request. */
interface PictureRequest {
  readonly target: Target;
  readonly text: string;
  readonly images: readonly string[];
}

/** Returns the path, headers and body of a picture request. */
export function toPictureRequest({ target, text, images }: PictureRequest): {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | FormData;
} {
  if (images.length === 0 || !target.editsImages) {
    const body = { model: target.id, prompt: text, n: 1, response_format: 'b64_json' };
    return {
      path: '/v1/images/generations',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
  }
  const form = new FormData();
  // Put the model first, so that the gateway can route the request before the rest arrives and stream it.
  form.append('model', target.id);
  form.append('prompt', text);
  form.append('response_format', 'b64_json');
  const field = images.length === 1 ? 'image' : 'image[]';
  for (const [index, url] of images.entries()) {
    const file = toBlob(url);
    form.append(field, file, `image-${index + 1}.${file.type === 'image/png' ? 'png' : 'jpg'}`);
  }
  return { path: '/v1/images/edits', headers: {}, body: form };
}

/**
 * Reads the pictures of a response. An address in place of a picture stays an address: the page loads nothing from
 * other servers.
 */
export function readPictures(body: unknown): Picture[] {
  const { data, output_format: format } = Object(body) as {
    data?: unknown;
    output_format?: unknown;
  };
  const type = typeof format === 'string' && /^[a-z]+$/u.test(format) ? format : 'png';
  if (!Array.isArray(data)) return [];
  return data.flatMap((entry) => {
    const {
      b64_json: bytes,
      url,
      revised_prompt: revised,
    } = Object(entry) as Record<string, unknown>;
    const caption = typeof revised === 'string' ? revised : null;
    if (typeof bytes === 'string') return [{ url: `data:image/${type};base64,${bytes}`, caption }];
    return typeof url === 'string' && PICTURE_URL.test(url) ? [{ url, caption }] : [];
  });
}

const PICTURE_URL = /^(?:https?:|data:image\/)/iu;

/** Decodes a `data:` URL: the page's content security policy does not allow `fetch` for it. */
function toBlob(url: string): Blob {
  const [head = '', base64 = ''] = url.split(',', 2);
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0) ?? 0);
  return new Blob([bytes], { type: /^data:([^;]+)/u.exec(head)?.[1] ?? 'image/png' });
}
