import { start } from './start.ts';

await start(async ({ fetch, host, port }) => {
  const server = Bun.serve({ fetch, hostname: host, port });
  return { port: server.port ?? port, close: () => server.stop(true) };
});
