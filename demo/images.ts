import { describeFile } from './form-file.ts';
import { paintPicture } from './picture.ts';
import { introduce } from './reply.ts';
import type { ServerCall, ServerRoute } from './server-call.ts';
import { toServerError } from './server-error.ts';

/** The cost of a picture, as the number of tokens that take the same time. */
const TOKENS_PER_PICTURE = 20;
const MAX_PICTURES = 10;

/** `/v1/images/generations`: the prompt decides the pictures; `revised_prompt` names the host and the model. */
export const generateImages: ServerRoute = async (call) => {
  const { prompt, n } = call.body.json;
  if (typeof prompt !== 'string') return toServerError(400, '"prompt" is required');
  const pictures = await paint(call, { seed: prompt, count: n });
  return toImages(pictures, `${describeSource(call)} You wrote: “${prompt}”`);
};

/** `/v1/images/edits`: the form's prompt and images decide the pictures; `revised_prompt` names each image. */
export const editImages: ServerRoute = async (call) => {
  const { fields, files } = call.body;
  const prompt = fields.get('prompt');
  const images = files.filter(({ field }) => field === 'image' || field === 'image[]');
  if (prompt === undefined) return toServerError(400, '"prompt" is required');
  if (images.length === 0) return toServerError(400, '"image" is required');
  const sent = images.map(describeFile).join('; ');
  const pictures = await paint(call, { seed: `${prompt}\n${sent}`, count: fields.get('n') });
  return toImages(pictures, `${describeSource(call)} You sent ${sent}. You wrote: “${prompt}”`);
};

/** `/sdapi/v1/txt2img`: in the shape of stable-diffusion.cpp and the web interface. */
export const paintFromText: ServerRoute = async (call) => {
  const { prompt = '', batch_size: count } = call.body.json;
  const pictures = await paint(call, { seed: String(prompt), count });
  return toSdImages(pictures, describeSource(call));
};

/** `/sdapi/v1/img2img`: like `txt2img`, with images in base64. */
export const paintFromImage: ServerRoute = async (call) => {
  const { prompt = '', batch_size: count, init_images: images } = call.body.json;
  if (!Array.isArray(images) || images.length === 0) {
    return toServerError(400, '"init_images" is required');
  }
  const pictures = await paint(call, { seed: [String(prompt), ...images].join('\n'), count });
  return toSdImages(pictures, describeSource(call));
};

/** `/sdapi/v1/loras`: lists a single LoRA. */
export const listLoras: ServerRoute = () =>
  Response.json([{ name: 'line-art', path: 'line-art.safetensors' }]);

async function paint(
  { work }: ServerCall,
  { seed, count }: { seed: string; count: unknown },
): Promise<string[]> {
  const requested = Math.trunc(Number(count ?? 1)) || 1;
  const length = Math.min(Math.max(requested, 1), MAX_PICTURES);
  await work(length * TOKENS_PER_PICTURE);
  return Array.from({ length }, (_, index) => paintPicture(`${index}\n${seed}`).toString('base64'));
}

function describeSource({ host, model }: ServerCall): string {
  return introduce({ host, model: model.id });
}

function toImages(pictures: string[], revised_prompt: string): Response {
  const data = pictures.map((b64_json) => ({ b64_json, revised_prompt }));
  return Response.json({ created: Math.floor(Date.now() / 1000), output_format: 'png', data });
}

/** Returns the answer of `/sdapi/*`. `info` is JSON inside JSON, as in the web interface. */
function toSdImages(images: string[], info: string): Response {
  return Response.json({ images, parameters: {}, info: JSON.stringify({ info }) });
}
