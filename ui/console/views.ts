import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { FleetFeed } from '../fleet/fleet-feed.ts';
import type { HostMonitor } from './hosts/host-monitor.ts';

/** What the page's frame shares with its views. */
interface Frame {
  readonly feed: FleetFeed | null;
  readonly monitor: HostMonitor | null;
}

/** A view of the console. Its module loads when the view is opened. */
interface View {
  readonly label: string;
  readonly icon: SVGTemplateResult;
  readonly load: () => Promise<unknown>;
  readonly render: (frame: Frame) => TemplateResult;
}

/** The console's views, by their names in the hash of the address. To add a view, add its module and an entry here. */
export const VIEWS = {
  chat: {
    label: 'Chat',
    icon: svg`<path d="M4 5h16v11H10l-4 3.5V16H4z" />`,
    load: () => import('./chat/chat-view.ts'),
    render: ({ feed }) => html`<chat-view .feed=${feed}></chat-view>`,
  },
  arena: {
    label: 'Arena',
    icon: svg`<path d="M4 5h7v14H4zM13 5h7v14h-7z" />`,
    load: () => import('./arena/arena-view.ts'),
    render: ({ feed }) => html`<arena-view .feed=${feed}></arena-view>`,
  },
  hosts: {
    label: 'Hosts',
    icon: svg`<path d="M4 5h16v6H4zM4 13h16v6H4zM7.5 8h.01M7.5 16h.01" />`,
    load: () => import('./hosts/hosts-view.ts'),
    render: ({ feed, monitor }) =>
      html`<hosts-view .feed=${feed} .monitor=${monitor}></hosts-view>`,
  },
  connect: {
    label: 'Connect',
    icon: svg`<path d="M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4" />`,
    load: () => import('./connect/connect-view.ts'),
    render: ({ feed }) => html`<connect-view .feed=${feed}></connect-view>`,
  },
} as const satisfies Readonly<Record<string, View>>;

/** The name of a view. */
export type ViewName = keyof typeof VIEWS;

/** Returns the view that a hash such as `#/hosts` or `#/hosts/more` names, or `chat` if it names none. */
export function readView(hash: string): ViewName {
  const [start, name = ''] = hash.split('/');
  // The hosts view had another name: old links stay valid.
  const wanted = name === 'herd' ? 'hosts' : name;
  return start === '#' && Object.hasOwn(VIEWS, wanted) ? (wanted as ViewName) : 'chat';
}
