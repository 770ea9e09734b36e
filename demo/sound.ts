const RATE = 8000;
const SAMPLES_PER_LETTER = RATE / 50;

/** Returns a 16-bit mono WAV at 8 kHz that hums the text: a fiftieth of a second for each letter. */
export function hum(text: string): Buffer {
  const letters = [...text];
  const data = Buffer.alloc(letters.length * SAMPLES_PER_LETTER * 2);
  for (const [index, letter] of letters.entries()) {
    const pitch = 220 + ((letter.codePointAt(0) ?? 0) % 48) * 10;
    for (let sample = 0; sample < SAMPLES_PER_LETTER; sample += 1) {
      const swell = Math.sin((Math.PI * sample) / SAMPLES_PER_LETTER);
      const value = Math.sin((2 * Math.PI * pitch * sample) / RATE) * swell * 8000;
      data.writeInt16LE(Math.round(value), (index * SAMPLES_PER_LETTER + sample) * 2);
    }
  }
  return Buffer.concat([toWavHeader(data.length), data]);
}

function toWavHeader(length: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // uncompressed
  header.writeUInt16LE(1, 22); // one channel
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(length, 40);
  return header;
}
