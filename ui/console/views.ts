import { svg, type SVGTemplateResult } from 'lit';
import type { ViewName } from './view-name.ts';

/** The console's views by name. */
export const VIEWS = {
  chat: {
    label: 'Chat',
    icon: svg`<path d="M4 5h16v11H10l-4 3.5V16H4z" />`,
    load: () => import('./chat/chat-view.ts'),
  },
  arena: {
    label: 'Arena',
    icon: svg`<path d="M4 5h7v14H4zM13 5h7v14h-7z" />`,
    load: () => import('./arena/arena-view.ts'),
  },
  hosts: {
    label: 'Hosts',
    icon: svg`<path d="M4 5h16v6H4zM4 13h16v6H4zM7.5 8h.01M7.5 16h.01" />`,
    load: () => import('./hosts/hosts-view.ts'),
  },
  connect: {
    label: 'Connect',
    icon: svg`<path d="M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4" />`,
    load: () => import('./connect/connect-view.ts'),
  },
} as const satisfies Record<
  ViewName,
  { label: string; icon: SVGTemplateResult; load: () => Promise<unknown> }
>;
