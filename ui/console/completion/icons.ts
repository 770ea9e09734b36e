import { html, type TemplateResult } from 'lit';

function icon(path: string): TemplateResult {
  return html`<svg
    viewBox="0 0 16 16"
    width="16"
    height="16"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d=${path}></path>
  </svg>`;
}

/** The icons of buttons. The accessible name of each button tells its action. */
export const icons = {
  send: icon('M8 13V3M3.5 7.5 8 3l4.5 4.5'),
  stop: html`<svg viewBox="0 0 16 16" width="16" height="16" fill="currentColor" aria-hidden="true">
    <rect x="4" y="4" width="8" height="8" rx="1.5"></rect>
  </svg>`,
  attach: icon(
    'M13 7.5 8 12.4a3.2 3.2 0 0 1-4.6-4.5l5.2-5.1a2.1 2.1 0 0 1 3 3L6.6 11A1 1 0 0 1 5.1 9.5L9.5 5',
  ),
  copy: icon('M5.5 5.5h7.5v8h-7.5zM10.5 5.5v-3h-7.5v8h2.5'),
  again: icon('M13 8a5 5 0 1 1-1.6-3.7M13 2.2v2.8h-2.8'),
  edit: icon('M3 13l.6-2.9L10.8 3l2.2 2.2-7.1 7.2L3 13z'),
  remove: icon('M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9'),
  close: icon('M4 4l8 8M12 4l-8 8'),
  add: icon('M8 3v10M3 8h10'),
  list: icon('M2.5 4h11M2.5 8h11M2.5 12h7'),
  settings: icon('M2.5 5h6M12 5h1.5M2.5 11h1.5M7.5 11h6M10.2 3.3v3.4M5.7 9.3v3.4'),
  down: icon('M8 3v10M3.5 8.5 8 13l4.5-4.5'),
} as const;
