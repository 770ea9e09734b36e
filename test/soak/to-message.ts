import { isStream, PATHS, toPayload, type Inference, type Order } from './exchange.ts';

/** A request as it is sent. */
export interface Message {
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
}

const BOUNDARY = 'soak-boundary';

/** Puts a request into words, the model under its composite ID. */
export function toMessage(request: Inference): Message {
  const { kind, host, isModelFirst } = request;
  const order: Order = { kind, nonce: request.nonce, fault: request.fault };
  const model = `${host}/${request.model}`;
  const payload = toPayload(request);
  const path = PATHS[kind];
  if (kind === 'form') {
    const fields = [toField('model', model), toFile(payload)];
    const parts = [toField('order', JSON.stringify(order)), ...inOrder(fields, isModelFirst)];
    const contentType = `multipart/form-data; boundary=${BOUNDARY}`;
    return { path, contentType, body: `${parts.join('')}--${BOUNDARY}--\r\n` };
  }
  const content =
    kind === 'embeddings'
      ? { input: payload }
      : { messages: [{ role: 'user', content: payload }], stream: isStream(kind) };
  const members = inOrder<object>([{ model }, { ...content, order }], isModelFirst);
  return {
    path,
    contentType: 'application/json',
    body: JSON.stringify(Object.assign({}, ...members)),
  };
}

function inOrder<T>(parts: T[], isModelFirst: boolean): T[] {
  return isModelFirst ? parts : parts.toReversed();
}

function toField(name: string, value: string): string {
  return `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

function toFile(text: string): string {
  const head = 'content-disposition: form-data; name="file"; filename="speech.wav"';
  return `--${BOUNDARY}\r\n${head}\r\ncontent-type: audio/wav\r\n\r\n${text}\r\n`;
}
