import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { renderDiagnosis } from '../../src/cli/commands/doctor.ts';
import { renderModels } from '../../src/cli/commands/models.ts';
import { renderResolution } from '../../src/cli/commands/resolve.ts';
import type { Catalog, Diagnosis, Model, Resolution } from '../../src/client/client.ts';
import { groupOf, modelOf } from '../catalog/samples.ts';

const plain = pc.createColors(false);
const pipe = { colors: plain, width: null };
const colored = pc.createColors(true);
const ESCAPE = '\u{1b}';
const SEQUENCE = new RegExp(`${ESCAPE}\\[\\d+m`, 'gu');
const HOSTILE = `${ESCAPE}[2J\r\n${ESCAPE}]0;title\u{7}`;

// The client's types come from JSON, and have no readonly properties.
const model = (id: string, more: Partial<Model> = {}) => ({ ...modelOf(id), ...more }) as Model;

type Provider = Catalog['providers'][number];
const provider = (name: string, more: Partial<Provider> = {}) =>
  ({ ...groupOf(name), latencyMs: 3, ...more }) as Provider;

const starred = model('desk/big', {
  favorite: true,
  state: 'ready',
  contextWindow: 131_072,
  capabilities: ['vision', 'function_calling'],
});

const catalog: Catalog = {
  generatedAt: '2026-01-01T00:00:00.000Z',
  defaultModel: null,
  favorites: [starred],
  hiddenFavorites: 2,
  providers: [
    provider('desk', { label: 'Sam’s desk', models: [starred, model('desk/b')] }),
    provider('lab', {
      status: 'offline',
      latencyMs: null,
      error: { code: 'provider_timeout', message: 'lab did not answer within 2000 ms.' },
    }),
  ],
};

describe('renderModels', () => {
  it('lists models by provider, favorites first, with the error of a provider', () => {
    expect(renderModels(catalog, pipe)).toBe(`   MODEL     STATE    CONTEXT  CAN
Favorites
★  desk/big  ready    131,072  vision, function_calling

desk, Sam’s desk  online
★  desk/big  ready    131,072  vision, function_calling
   desk/b    stopped

lab  offline
  lab did not answer within 2000 ms.

Hidden favorites: 2 (paddock doctor shows why)`);
  });

  it('shows the error when favorites cannot be read', () => {
    const favoritesError = { code: 'database_unavailable', message: 'It is offline.' };
    const text = renderModels(
      { ...catalog, favorites: [], hiddenFavorites: 0, favoritesError },
      pipe,
    );
    expect(text).toMatch(/\n\nIt is offline\.$/);
    expect(text).not.toContain('Favorites');
  });

  it('fits a narrow terminal by its last column, and never cuts an ID', () => {
    const narrow = renderModels(catalog, { colors: plain, width: 42 });
    expect(narrow).toMatch(/^★ {2}desk\/big {2}ready {4}131,072 {2}vision, fu…$/m);
    expect(renderModels(catalog, { colors: plain, width: 20 })).toBe(renderModels(catalog, pipe));
  });

  it('has no header without models', () => {
    const offline = { ...catalog, favorites: [], hiddenFavorites: 0 };
    const [, lab] = catalog.providers;
    expect(renderModels({ ...offline, providers: lab === undefined ? [] : [lab] }, pipe)).toBe(
      'lab  offline\n  lab did not answer within 2000 ms.',
    );
  });
});

const diagnosis: Diagnosis = {
  ok: false,
  findings: [
    { level: 'fault', subject: 'lab', code: 'unauthorized', message: 'lab: correct its key.' },
    { level: 'fault', subject: 'nas', code: 'invalid_response', message: 'nas: correct its port.' },
    { level: 'warning', subject: 'desk', code: 'old_release', message: 'desk: update it.' },
    { level: 'note', subject: 'models', code: 'shared_names', message: 'On several providers: m.' },
  ],
  hosts: [
    { ...host('desk'), modelCount: 12, release: '224' },
    { ...host('lab'), status: 'unauthorized', latencyMs: null, modelCount: 0, release: null },
  ],
};

function host(name: string): Diagnosis['hosts'][number] {
  const { models: _models, error: _error, ...rest } = provider(name);
  return { ...rest, modelCount: 0, release: null };
}

describe('renderDiagnosis', () => {
  it('shows the hosts, the findings with their levels, and the counts', () => {
    expect(renderDiagnosis(diagnosis, plain))
      .toBe(`HOST  KIND        STATUS        LATENCY  MODELS  RELEASE
desk  llama-swap  online        3 ms     12      224
lab   llama-swap  unauthorized

✗ lab: correct its key.
✗ nas: correct its port.
! desk: update it.
· On several providers: m.

2 faults, 1 warning, 1 note`);
  });

  it.each([
    [[], 'No problems found.'],
    [diagnosis.findings.slice(2), 'No faults found. 1 warning, 1 note'],
    [diagnosis.findings.slice(0, 1), '1 fault'],
  ])('ends with a summary (%#)', (findings, end) => {
    const lines = renderDiagnosis({ ok: true, findings, hosts: [] }, plain).split('\n');
    expect(lines.at(-1)).toBe(end);
    expect(lines[0]).not.toBe('');
  });

  it('ends in red with a fault, and in green without one', () => {
    expect(renderDiagnosis(diagnosis, colored)).toContain(
      colored.red('2 faults, 1 warning, 1 note'),
    );
    expect(renderDiagnosis(diagnosis, colored)).toContain(`${colored.yellow('!')} desk`);
    const healthy = { ok: true, findings: [], hosts: [] };
    expect(renderDiagnosis(healthy, colored)).toBe(colored.green('No problems found.'));
  });
});

const resolution: Resolution = {
  id: 'desk/big',
  provider: 'desk',
  model: 'big',
  kind: 'llama-swap',
  via: 'bare',
  upstream: { inference: 'http://sidecar:9', management: 'http://desk:8080' },
  available: true,
  contextWindow: 131_072,
  contextSource: 'declared',
};

describe('renderResolution', () => {
  it('shows every field', () => {
    expect(renderResolution(resolution, plain)).toBe(`desk/big
provider    desk (llama-swap)
model       big
by          bare ID
available   yes
context     131,072 tokens (declared)
inference   http://sidecar:9
management  http://desk:8080`);
  });

  it.each([
    [{ available: false }, /^available {3}no$/m],
    [{ available: null }, /^available {3}unknown$/m],
    [{ contextWindow: null }, /^context {5}unknown$/m],
    [{ via: 'alias' }, /^by {10}alias$/m],
    [{ via: 'composite' }, /^by {10}composite ID$/m],
    [{ drift: true }, /^drift {7}desk does not list it: correct the setting$/m],
  ] as const)('describes %j', (more, line) => {
    expect(renderResolution({ ...resolution, ...more }, plain)).toMatch(line);
  });
});

const RENDERED: [what: string, render: (colors: typeof plain) => string][] = [
  ['models', (colors) => renderModels(catalog, { colors, width: null })],
  ['a diagnosis', (colors) => renderDiagnosis(diagnosis, colors)],
  ['a resolution', (colors) => renderResolution(resolution, colors)],
];

it.each(RENDERED)('%s have the same text in colors', (_what, render) => {
  const text = render(colored);
  expect(text).toMatch(SEQUENCE);
  expect(text.replace(SEQUENCE, '').replaceAll(/ +$/gm, '')).toBe(render(plain));
});

/** A copy with terminal escapes after every text. */
function poison<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
    typeof inner === 'string' && !['status', 'level', 'via'].includes(key)
      ? inner + HOSTILE
      : inner,
  ) as T;
}

type Change = <T>(value: T) => T;
const broken = { ...catalog, favoritesError: { code: 'x', message: 'It is offline.' } };

it.each<[what: string, render: (change: Change) => string]>([
  ['models', (change) => renderModels(change(broken), pipe)],
  ['a diagnosis', (change) => renderDiagnosis(change(diagnosis), plain)],
  ['a resolution', (change) => renderResolution(change(resolution), plain)],
])('%s of a hostile upstream contain no control characters and no extra lines', (_what, render) => {
  const text = render(poison);
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(text).toContain('\u{fffd}]0;title\u{fffd}');
  expect(text.split('\n')).toHaveLength(render((value) => value).split('\n').length);
});
