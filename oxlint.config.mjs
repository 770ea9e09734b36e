import { readFileSync } from 'node:fs';
const LOWEST = ['errors.ts', 'to-plain.ts', 'clock.ts', 'fetch.ts', 'join-bytes.ts', 'steps.ts'];
const SEAMS = 'errors.ts clock.ts fetch.ts steps.ts';
const CORE = `${SEAMS} schema.ts to-plain.ts join-bytes.ts resolve/ telemetry/ registry/ settings/ upstream/ database/ favorites/ catalog/ gateway/ ollama/ doctor/ valibot hono hono-openapi`;

// What each part of src/ may import: parts below it and packages. Everything else is refused.
const PARTS = {
  ...Object.fromEntries(LOWEST.map((file) => [file, ''])),
  'schema.ts': 'valibot',
  'resolve/': 'errors.ts schema.ts valibot',
  'telemetry/': 'errors.ts join-bytes.ts',
  'registry/': 'errors.ts schema.ts steps.ts resolve/ valibot',
  'settings/': 'errors.ts resolve/ registry/ valibot',
  'upstream/': `${SEAMS} resolve/ registry/ valibot`,
  'database/': `${SEAMS} @libsql/client`,
  'favorites/': `${SEAMS} schema.ts resolve/ database/ valibot`,
  'catalog/': `${SEAMS} schema.ts resolve/ registry/ upstream/ database/ valibot`,
  'gateway/': `${SEAMS} join-bytes.ts telemetry/ resolve/ registry/ settings/ upstream/`,
  'ollama/':
    'errors.ts clock.ts join-bytes.ts steps.ts schema.ts resolve/ registry/ catalog/ gateway/ valibot',
  'doctor/': `${SEAMS} schema.ts resolve/ registry/ settings/ upstream/ catalog/ favorites/ valibot`,
  'http/': CORE,
  'services.ts': `${CORE} http/`,
  'app.ts': `${CORE} http/ services.ts`,
  'index.ts': `${CORE} http/ app.ts runtime/ @libsql/client`,
  'client-settings/': 'catalog/',
  'client/': 'app.ts errors.ts resolve/ hono @ai-sdk/openai-compatible @ai-sdk/provider',
};

// Decisions: they take values, return values and use none of the globals of EFFECTS.
const PURE = [
  'src/{errors.ts,schema.ts,steps.ts,to-plain.ts,join-bytes.ts,client-settings/**,resolve/**,registry/**,settings/**,telemetry/**}',
  'src/gateway/{growing-bytes,headers,json-body,json-scan,model-query,multipart-headers,multipart-scan,splice-bytes,target,upstream-path}.ts',
  'src/ollama/**',
  'src/doctor/{diagnose,diagnosis,hidden-favorites}.ts',
  'src/http/{middleware/,routes/,}{caller,checks,find-foreign-page,is-allowed-host,pick-encodings,pick-events,refuse-foreign,refuse-untrusted,route-reader}.ts',
  'src/upstream/{outcome-error,quote-error,unreachable-message}.ts',
  'src/catalog/{can-chat,catalog,context-window,describe-model,drift,explain-bare-id,find-listed,freshness,load-memory,merge-catalog,model,openai-models,opencode-config,opencode-schema,read-*,render-catalog,suggest-id,tokens}.ts',
];
// The core gets time and the network from its dependencies (clock.ts, fetch.ts).
const CORE_FILES =
  'src/{app.ts,services.ts,catalog/**,database/**,doctor/**,favorites/**,gateway/**,http/**,upstream/**}';
const AMBIENT = 'fetch performance setTimeout setInterval setImmediate';
const EFFECTS =
  'fetch process Date performance crypto console globalThis setTimeout setInterval setImmediate queueMicrotask';

const { dependencies, peerDependencies } = JSON.parse(
  readFileSync(new URL('package.json', import.meta.url), 'utf8'),
);
const PACKAGES = [...Object.keys({ ...dependencies, ...peerDependencies }), 'node:*'].flatMap(
  (one) => [one, `${one}/**`],
);
const NAMES = [...Object.keys(PARTS), 'runtime/', 'cli/', 'demo/'];
const refuse = (files, ...group) => {
  const pattern = { group, message: 'Imports point down: see oxlint.config.mjs.' };
  return { files, rules: { 'no-restricted-imports': ['error', { patterns: [pattern] }] } };
};
const refuseAbove = ([part, list]) => {
  const allowed = [part, ...list.split(' ')];
  const names = NAMES.filter((name) => !allowed.includes(name));
  const packages = PACKAGES.filter((one) => !allowed.includes(one.replace('/**', '')));
  const patterns = names.flatMap((name) => [`./${name}**`, `../**/${name}**`]);
  return refuse([`src/${part}**`], ...patterns, ...packages);
};
const set = (level, rules) => Object.fromEntries(rules.split(' ').map((rule) => [rule, level]));
const OFF_IN_TESTS = 'no-explicit-any max-params no-useless-spread';
const OFF =
  'no-await-in-loop no-map-spread no-unmodified-loop-condition consistent-function-scoping';
const lines = (max) => ['error', { max, skipBlankLines: true, skipComments: true }];

export default {
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  rules: {
    ...set('error', 'import/no-cycle no-explicit-any unicorn/prefer-node-protocol'),
    'max-lines': lines(250),
    'max-params': ['error', { max: 2 }],
    ...set('off', OFF),
  },
  // A later override of a rule replaces an earlier one.
  overrides: [
    ...Object.entries(PARTS).map(refuseAbove),
    refuse(['ui/fleet/**'], '../**', '!../../src/client/client.ts', 'node:*'),
    refuse(['ui/picker/**'], '../**', '!../fleet/**', 'node:*'),
    refuse(
      ['ui/console/**'],
      '**/src/**',
      '!**/src/catalog/can-chat.ts',
      '!**/src/client-settings/**',
      '**/demo/**',
      'node:*',
    ),
    { files: [CORE_FILES], rules: { 'no-restricted-globals': ['error', ...AMBIENT.split(' ')] } },
    { files: PURE, rules: { 'no-restricted-globals': ['error', ...EFFECTS.split(' ')] } },
    { files: ['{src,ui}/**'], rules: { 'max-lines-per-function': lines(60) } },
    { files: ['src/http/{openapi,routes}/**'], rules: set('off', 'max-lines-per-function') },
    // A table of data.
    { files: ['src/settings/table.ts'], rules: set('off', 'max-lines') },
    // Others define their signatures.
    { files: ['src/{errors,index}.ts'], rules: { 'max-params': ['error', { max: 3 }] } },
    { files: ['test/**'], rules: { 'max-lines': lines(450), ...set('off', OFF_IN_TESTS) } },
  ],
};
