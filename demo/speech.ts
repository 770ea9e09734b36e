import { introduce } from './reply.ts';
import type { ServerRoute } from './server-call.ts';
import { toServerError } from './server-error.ts';
import { hum } from './sound.ts';

const VOICES = ['alba', 'ryan'];
const MAX_CHARACTERS = 4096;

/** `/v1/audio/speech`: a WAV, for any requested format. A longer text gives a longer WAV. */
export const speak: ServerRoute = async ({ body, work }) => {
  const { input } = body.json;
  if (typeof input !== 'string' || input === '') return toServerError(400, '"input" is required');
  if (input.length > MAX_CHARACTERS) return toServerError(400, '"input" is too long');
  await work(input.split(/\s+/).length);
  return new Response(new Uint8Array(hum(input)), { headers: { 'content-type': 'audio/wav' } });
};

/** `GET /v1/audio/voices`. */
export const listVoices: ServerRoute = () => Response.json({ voices: VOICES });

/** `POST /v1/audio/voices`: accepts a voice, as JSON or as a form with a sample, and does not store it. */
export const addVoice: ServerRoute = ({ body }) => {
  const name = body.json['name'] ?? body.fields.get('name');
  if (typeof name !== 'string') return toServerError(400, '"name" is required');
  const size = body.files.reduce((total, { bytes }) => total + bytes.length, 0);
  return Response.json({ success: true, voice: { name, file_size: size } });
};

/** Answers the generic task of an audio server, which llama-swap serves below `/audioapi`. */
export const runAudioTask: ServerRoute = async ({ body, host, model, work }) => {
  await work(1);
  const { task = null } = body.json;
  const text = introduce({ host, model: model.id });
  return Response.json({ task, model: model.id, status: 'completed', result: { text } });
};
