/** A file in a message, as OpenAI's chat API takes it. */
export type MediaPart =
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } }
  | {
      readonly type: 'input_audio';
      readonly input_audio: { readonly data: string; readonly format: 'wav' | 'mp3' };
    };

/** How many base64 characters hold the bytes that tell a file's type. */
const HEAD = 16;

/** The types of files by a pattern of their first bytes, one character for each byte. */
const TYPES: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/^\x89PNG/u, 'image/png'],
  [/^\xff\xd8\xff/u, 'image/jpeg'],
  [/^GIF8/u, 'image/gif'],
  [/^RIFF.{4}WEBP/su, 'image/webp'],
  [/^BM/u, 'image/bmp'],
  [/^.{4}ftyp(?:avif|avis)/su, 'image/avif'],
  [/^.{4}ftyp(?:heic|heix|mif1)/su, 'image/heic'],
  [/^RIFF.{4}WAVE/su, 'wav'],
  [/^(?:ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb])/u, 'mp3'],
];

/** Converts a base64 file to a part of a message. Like Ollama, it takes a file of an unknown type for a JPEG. */
export function toMediaPart(data: string): MediaPart {
  if (data.startsWith('data:')) return { type: 'image_url', image_url: { url: data } };
  const head = readHead(data);
  const type = TYPES.find(([pattern]) => pattern.test(head))?.[1] ?? 'image/jpeg';
  if (type === 'wav' || type === 'mp3') {
    return { type: 'input_audio', input_audio: { data, format: type } };
  }
  return { type: 'image_url', image_url: { url: `data:${type};base64,${data}` } };
}

function readHead(data: string): string {
  try {
    return atob(data.slice(0, HEAD));
  } catch {
    return '';
  }
}
