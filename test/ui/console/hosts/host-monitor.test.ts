import { expect, it, onTestFinished } from 'vitest';
import { HostMonitor } from '../../../../ui/console/hosts/host-monitor.ts';
import type { Visibility } from '../../../../ui/fleet/visibility.ts';
import { createFleetFeed } from '../../../../ui/fleet/fleet-feed.ts';
import { json, startHost, whileTesting } from '../../../hosts.ts';

const report = { name: 'lab', checkedAt: '2026-11-22T10:00:00.000Z', latencyMs: 4 };

/** A watch of a gateway that counts who asks how its hosts are; it is seen or not as `look` says. */
async function startMonitor() {
  const asked: (string | undefined)[] = [];
  const server = await whileTesting(
    startHost({
      '/api/providers': (request, response) => {
        asked.push(request.headers['if-none-match']);
        json({ providers: [report] })(request, response);
      },
    }),
  );
  let isSeen = true;
  const listeners = new Set<() => void>();
  const visibility: Visibility = {
    isVisible: () => isSeen,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const look = (seen: boolean) => {
    isSeen = seen;
    for (const listener of listeners) listener();
  };
  const gateway = { src: `http://127.0.0.1:${server.port}`, key: null };
  const monitor = new HostMonitor(createFleetFeed(gateway, visibility), visibility);
  onTestFinished(monitor.start());
  return { monitor, asked, look };
}

it('asks at once and as if it knew nothing, for "not modified" would hide the latencies', async () => {
  const { monitor, asked } = await startMonitor();
  await new Promise<void>((resolve) => monitor.subscribe(resolve));
  expect(asked).toEqual([undefined]);
  expect(monitor.history.get('lab')).toEqual([{ at: Date.parse(report.checkedAt), latencyMs: 4 }]);
});

it('asks nothing while nobody looks, and again when somebody does', async () => {
  const { monitor, asked, look } = await startMonitor();
  await new Promise<void>((resolve) => monitor.subscribe(resolve));
  look(false);
  await new Promise((resolve) => setTimeout(resolve, 6000));
  expect(asked.length).toBe(1);
  look(true);
  await expect.poll(() => asked.length).toBe(2);
});
