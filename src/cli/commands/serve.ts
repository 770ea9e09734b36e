import type { StartOptions } from '../../runtime/start.ts';

/** Starts the server on the current runtime, Node or Bun. A signal stops it. */
export async function serve(
  demo: StartOptions['demo'],
  { host, port }: { host?: string; port?: string },
): Promise<void> {
  const settings = {
    ...(host !== undefined && { HOST: host }),
    ...(port !== undefined && { PORT: port }),
  };
  const isBun = process.versions['bun'] !== undefined;
  const runtime = isBun
    ? await import('../../runtime/bun/serve.ts')
    : await import('../../runtime/node/serve.ts');
  await runtime.serve({ demo, settings });
}
