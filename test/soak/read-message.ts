import type { Order } from './exchange.ts';
import { toDigest } from './to-digest.ts';

/** A request as it reached a host. */
export interface Received {
  /** The model, as the host is to know it. */
  readonly model: string;
  readonly order: Order;
  /** The hash of the text that it brought. */
  readonly digest: string;
}

interface Body {
  readonly model: string;
  readonly order: Order;
  readonly input?: string;
  readonly messages?: readonly { readonly content: string }[];
}

/**
 * Reads a request at a host, by other means than Paddock's own.
 * @throws where it cannot be read
 */
export async function readMessage(bytes: Buffer, contentType: string): Promise<Received> {
  if (contentType.startsWith('multipart/form-data')) return readForm(bytes, contentType);
  const { model, order, input, messages } = JSON.parse(bytes.toString()) as Body;
  return { model, order, digest: toDigest(input ?? messages?.[0]?.content ?? '') };
}

async function readForm(bytes: Buffer, contentType: string): Promise<Received> {
  const headers = { 'content-type': contentType };
  const form = await new Response(new Uint8Array(bytes), { headers }).formData();
  const file = form.get('file');
  return {
    model: String(form.get('model')),
    order: JSON.parse(String(form.get('order'))) as Order,
    digest: toDigest(file instanceof Blob ? await file.text() : ''),
  };
}
