/** The formats that clients put into schemas, with a text of each; its number makes the texts of a list differ. */
const FORMATS: Record<string, (number: number) => string> = {
  'date-time': (number) => `${toDate(number)}T09:00:00Z`,
  date: toDate,
  time: () => '09:00:00Z',
  duration: (number) => `P${number}D`,
  email: toEmail,
  'idn-email': toEmail,
  hostname: (number) => `host${number}.example.com`,
  'idn-hostname': (number) => `host${number}.example.com`,
  ipv4: (number) => `192.0.2.${number % 256}`,
  ipv6: (number) => `2001:db8::${number}`,
  ipv4network: () => '192.0.2.0/24',
  ipv6network: () => '2001:db8::/32',
  uri: toUri,
  'uri-reference': toUri,
  'uri-template': toUri,
  iri: toUri,
  'iri-reference': toUri,
  url: toUri,
  uuid: (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  'json-pointer': (number) => `/${number}`,
  'relative-json-pointer': (number) => String(number),
  regex: (number) => `^${number}$`,
  byte: () => 'ZGVtbw==',
  base64: () => 'ZGVtbw==',
  color: () => '#336699',
};

/** Returns a text of a format; `undefined` for a format without a form of its own. */
export function toFormattedText(format: unknown, number: number): string | undefined {
  return typeof format === 'string' && Object.hasOwn(FORMATS, format)
    ? FORMATS[format]?.(number)
    : undefined;
}

function toDate(number: number): string {
  return `2026-01-${String(1 + ((number - 1) % 28)).padStart(2, '0')}`;
}

function toEmail(number: number): string {
  return `user${number}@example.com`;
}

function toUri(number: number): string {
  return `https://example.com/${number}`;
}
