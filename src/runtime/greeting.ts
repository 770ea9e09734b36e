import type { Settings } from '../settings/settings.ts';

/** When the demo providers are started: never, if no provider is set, or instead of the set providers. */
export type Demo = 'never' | 'without-providers' | 'always';

/** Returns the text that a process prints when it starts. */
export function toGreeting(at: {
  port: number;
  /** The port of the providers' own pages; null if there is none. */
  upstreamPort: number | null;
  settings: Settings;
  demo: Demo;
}): string {
  const { host } = at.settings;
  const origin = `http://${host.includes(':') ? `[${host}]` : host}`;
  const base = `${origin}:${at.port}`;
  const names = [...at.settings.registry.providers.keys()].join(', ');
  const lines = [`Paddock listens on ${base}`];
  if (at.demo !== 'never') {
    const fleet = `the demo fleet of simulated hosts: ${names}.`;
    const reason = at.demo === 'always' ? '' : 'PROVIDERS is not set. ';
    lines.push(`${reason}This is ${fleet}`);
  } else if (names === '') {
    lines.push(
      'No providers are configured. Set PROVIDERS, or run "paddock demo" (npm start) to try simulated ones.',
    );
  } else {
    lines.push(`Providers: ${names}`);
  }
  const links = [`console: ${base}/`, `reference: ${base}/docs`, `curl ${base}/api/models`];
  if (at.upstreamPort !== null) {
    links.push(`model pages: ${origin}:${at.upstreamPort}/upstream/{provider}/{model}/`);
  }
  return [...lines, ...links.map((link) => `  ${link}`)].join('\n');
}
