import { expect, it, onTestFinished } from 'vitest';
import { HostMonitor } from '../../../../ui/console/hosts/host-monitor.ts';
import type { Visibility } from '../../../../ui/fleet/visibility.ts';
import { createFleetFeed } from '../../../../ui/fleet/fleet-feed.ts';
import { json, startHost, whileTesting } from '../../../hosts.ts';

const report = { name: 'lab', checkedAt: '2026-11-22T10:00:00.000Z', latencyMs: 4 };

/** A monitor of a gateway that records the ETags of its requests. `look` shows or hides the page. */
async function startMonitor() {
  const etags: (string | undefined)[] = [];
  const server = await whileTesting(
    startHost({
      '/api/providers': (request, response) => {
        etags.push(request.headers['if-none-match']);
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
  return { monitor, etags, look };
}

it('starts with a request without an ETag, because a 304 would hide the latencies', async () => {
  const { monitor, etags } = await startMonitor();
  await new Promise<void>((resolve) => monitor.subscribe(resolve));
  expect(etags).toEqual([undefined]);
  expect(monitor.history.get('lab')).toEqual([{ at: Date.parse(report.checkedAt), latencyMs: 4 }]);
});

it('sends no request while the page is hidden, and resumes when it is visible', async () => {
  const { monitor, etags, look } = await startMonitor();
  await new Promise<void>((resolve) => monitor.subscribe(resolve));
  look(false);
  await new Promise((resolve) => setTimeout(resolve, 6000));
  expect(etags.length).toBe(1);
  look(true);
  await expect.poll(() => etags.length).toBe(2);
});
