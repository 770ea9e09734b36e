import { json, startHost, whileTesting, type Host } from '../hosts.ts';
import { makeApp, put } from '../make-app.ts';

type Answers = Parameters<typeof startHost>[0];

/** An app with one provider `a`, and functions that send requests to it. */
export function makeProviderApp(dsn: string, environment: Record<string, string> = {}) {
  const app = makeApp({ PROVIDERS: `a=${dsn}`, ...environment });
  const post = async (path: string, body: object = {}) => {
    const answer = await app.ask(path, { ...put(body), method: 'POST' });
    const value = (await answer.json()) as any;
    return {
      status: answer.status,
      body: value,
      code: value.error?.code,
      message: value.error?.message,
    };
  };
  return {
    app,
    post,
    load: (model: string) => post('/api/load', { model }),
    unload: (model: string) => post('/api/unload', { model }),
    /** The provider's entry in the catalog. */
    group: async () => (await app.read('/api/models?refresh=1')).providers[0],
    /** Some fields of each model in the catalog. */
    async models(...fields: string[]) {
      const { providers } = await app.read('/api/models?refresh=1');
      return providers[0].models.map((model: any) => fields.map((field) => model[field]));
    },
    running: async () => (await app.read('/api/providers/a/running')).running,
    findings: async () =>
      (await app.read('/api/doctor')).findings.map(({ level, code, message }: any) => [
        level,
        code,
        message,
      ]),
  };
}

/** An app with a provider of a kind that gives these answers; values are sent as JSON. */
export async function startOdd(scheme: string, answers: Record<string, unknown>) {
  const given = Object.entries(answers).map(([path, answer]) => [
    path,
    typeof answer === 'function' ? answer : json(answer),
  ]);
  const host: Host = await whileTesting(startHost(Object.fromEntries(given) as Answers));
  return { host, ...makeProviderApp(`${scheme}://127.0.0.1:${host.port}?timeout=5000`) };
}
