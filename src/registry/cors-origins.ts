import type { Fault } from './fault.ts';

/** Parses `CORS_ORIGINS`: each entry exactly an origin, as browsers send it. */
export function parseCorsOrigins(entries: readonly string[], faults: Fault[]): readonly string[] {
  const origins = entries.map((entry) => entry.trim());
  for (const [index, origin] of origins.entries()) {
    if (isOrigin(origin)) continue;
    const message =
      'expected an origin as browsers send it, such as https://chat.example or http://localhost:5173: in small letters, without a path, a slash at its end, the protocol’s own port or "*"';
    faults.push({ variable: 'CORS_ORIGINS', entry: `entry ${index + 1}`, message });
  }
  return Object.freeze(origins);
}

function isOrigin(text: string): boolean {
  // A scheme of another kind has the origin "null", and "*" would be a part of a host's name like another.
  return /^https?:[^*]+$/u.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
