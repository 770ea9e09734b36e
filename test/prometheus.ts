// Reads Prometheus' text format as strictly as `promtool check metrics` does.
// Source: prometheus.io, "Exposition formats", text-based format 0.0.4.

/** A metric with all its series. */
interface Family {
  readonly type: string;
  readonly series: Series[];
}

interface Series {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly value: number;
}

/** A parsed scrape. */
export interface Scrape {
  /** The value of the series with exactly these labels. An empty label counts as none. */
  value(name: string, labels?: Record<string, string>): number | undefined;
  /** The values of all series of a name by one label. */
  by(label: string, name: string): Record<string, number>;
  /** The type of each metric. */
  readonly types: Record<string, string>;
  /** All series of Paddock's metrics. */
  readonly own: readonly Series[];
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;
const PARTS = { histogram: ['_bucket', '_sum', '_count'], counter: [''], gauge: [''] } as const;

/** Parses a scrape. Throws for everything that Prometheus would refuse or warn about. */
export function parseScrape(text: string): Scrape {
  if (!text.endsWith('\n')) throw new Error('The last line has no line break');
  const families = new Map<string, Family>();
  let described: string | null = null;
  let current: [name: string, family: Family] | null = null;
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === 'HELP') described = name;
    else if (kind === 'TYPE') {
      if (described !== name || families.has(name)) throw new Error(`Misplaced line: ${line}`);
      if (!(rest in PARTS)) throw new Error(`Unknown type: ${line}`);
      current = [name, { type: rest, series: [] }];
      families.set(...current);
    } else current?.[1].series.push(parseSeries(line, current[0], current[1].type));
  }
  for (const [name, family] of families) check(name, family);
  const all = [...families.values()].flatMap(({ series }) => series);
  return {
    value: (name, labels = {}) =>
      all.find((one) => one.name === name && toKey(one.labels) === toKey(labels))?.value,
    by: (label, name) =>
      Object.fromEntries(
        all
          .filter((one) => one.name === name)
          .map(({ labels, value }) => [labels[label] ?? '', value]),
      ),
    types: Object.fromEntries([...families].map(([name, { type }]) => [name, type])),
    own: all.filter(({ name }) => name.startsWith('paddock_')),
  };
}

function parseSeries(line: string, family: string, type: string): Series {
  const [, name = '', labelText = '', number = ''] = LINE.exec(line) ?? [];
  const parts = PARTS[type as keyof typeof PARTS];
  if (!parts.some((part) => family + part === name))
    throw new Error(`Line of another metric: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < labelText.length) {
    const [, label, raw = ''] = LABEL.exec(labelText) ?? [];
    if (label === undefined || label in labels) throw new Error(`Invalid labels: ${line}`);
    labels[label] = raw.replaceAll(/\\(.)/g, (_all, escaped) => (escaped === 'n' ? '\n' : escaped));
  }
  const value = /^[+-]Inf$/.test(number) ? Number(`${number}inity`) : Number(number);
  if (Number.isNaN(value) && !/^nan$/i.test(number)) throw new Error(`Invalid number: ${line}`);
  return { name, labels, value };
}

function check(name: string, { type, series }: Family): void {
  const keys = series.map((one) => one.name + toKey(one.labels));
  if (new Set(keys).size < keys.length) throw new Error(`${name} has a series twice`);
  const isOwn = name.startsWith('paddock_');
  if (isOwn && (type === 'counter') !== name.endsWith('_total')) {
    throw new Error(`${name} is a ${type}`);
  }
  if (type === 'counter' && series.some(({ value }) => value < 0)) {
    throw new Error(`${name} is below 0`);
  }
  if (type === 'histogram') checkHistogram(name, series);
}

function checkHistogram(name: string, series: readonly Series[]): void {
  for (const { labels, value: count } of series.filter((one) => one.name === `${name}_count`)) {
    const buckets = series.filter(
      (one) => one.name === `${name}_bucket` && toKey({ ...one.labels, le: '' }) === toKey(labels),
    );
    const counts = buckets.map(({ value }) => value);
    const bounds = buckets.map(({ labels: { le = '' } }) => Number(le.replace('+Inf', 'Infinity')));
    const isRising = (values: number[]) =>
      values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0));
    if (bounds.at(-1) !== Infinity || counts.at(-1) !== count) throw new Error(`${name}: no +Inf`);
    if (!isRising(bounds) || !isRising(counts)) throw new Error(`${name} does not rise`);
  }
}

function toKey(labels: Record<string, string>): string {
  return JSON.stringify(
    Object.entries(labels)
      .filter(([, value]) => value !== '')
      .toSorted(),
  );
}
