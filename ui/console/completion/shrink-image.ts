/** The longest side of a picture that is sent, in pixels: models that see take no more of it. */
const LONGEST_SIDE = 1568;

/** What every model server reads as it is. */
const PLAIN_TYPES = new Set(['image/png', 'image/jpeg']);

/** A size made to fit into a square, in whole pixels; one that fits stays. */
export function fitInto(
  { width, height }: { readonly width: number; readonly height: number },
  side: number,
): { readonly width: number; readonly height: number } {
  const factor = Math.min(1, side / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * factor)),
    height: Math.max(1, Math.round(height * factor)),
  };
}

/**
 * A picture as a `data:` URL, no larger than models take, in a form that their servers read.
 * @throws where the file is no picture that this browser knows
 */
export async function shrinkImage(file: Blob): Promise<string> {
  const bitmap = await createImageBitmap(file);
  const size = fitInto(bitmap, LONGEST_SIDE);
  if (size.width === bitmap.width && PLAIN_TYPES.has(file.type)) {
    bitmap.close();
    return toDataUrl(file);
  }
  const canvas = document.createElement('canvas');
  canvas.width = size.width;
  canvas.height = size.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, size.width, size.height);
  bitmap.close();
  // Only a photograph bears being pressed; drawings and what is transparent do not.
  return file.type === 'image/jpeg' ? canvas.toDataURL('image/jpeg', 0.88) : canvas.toDataURL();
}

function toDataUrl(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result)));
    reader.addEventListener('error', () => reject(reader.error ?? new Error('It cannot be read.')));
    reader.readAsDataURL(file);
  });
}
