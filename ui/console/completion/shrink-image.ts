/** The longest side of a picture to send, in pixels: vision models do not use more. */
const LONGEST_SIDE = 1568;

/** The types that every model server reads, so they are sent unchanged. */
const PLAIN_TYPES = new Set(['image/png', 'image/jpeg']);

/** Scales a size down to fit a square, in whole pixels. A size that fits stays unchanged. */
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
 * Returns a picture as a `data:` URL, at most LONGEST_SIDE large, in a type that model servers read.
 * @throws if the browser cannot decode the file as a picture
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
  // Compress only photographs: drawings and transparent pictures do not survive JPEG.
  return file.type === 'image/jpeg' ? canvas.toDataURL('image/jpeg', 0.88) : canvas.toDataURL();
}

function toDataUrl(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result)));
    reader.addEventListener('error', () =>
      reject(reader.error ?? new Error('The picture cannot be read.')),
    );
    reader.readAsDataURL(file);
  });
}
