import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

/** A star: filled for a favorite, an outline for any other model. */
export function star(isFull: boolean): TemplateResult {
  return icon(
    svg`<path class=${isFull ? 'filled' : ''} d="m8 1.8 1.9 3.9 4.3.6-3.1 3 .7 4.3L8 11.6l-3.8 2 .7-4.3-3.1-3 4.3-.6z" />`,
  );
}

/** The icon of a button that opens a list. */
export const chevron = icon(svg`<path d="m4 6 4 4 4-4" />`);

/** The icon of the chosen model. */
export const check = icon(svg`<path d="m3 8.5 3.2 3.2L13 5" />`);

/** The icon of a row that can be dragged. */
export const grip = icon(svg`<path d="M6 4v.1M6 8v.1M6 12v.1M10 4v.1M10 8v.1M10 12v.1" />`);

/** The icon of a warning. */
export const warning = icon(svg`<path d="M8 2 1.5 13.5h13zM8 6.5v3M8 11.7v.1" />`);

/** The icon of a capability. All unknown capabilities share one icon. */
export function toCapabilityIcon(name: string): TemplateResult {
  return icon(CAPABILITIES[name] ?? OTHER);
}

const OTHER = svg`<circle cx="8" cy="8" r="6" /><path d="M8 5v6M5 8h6" />`;

const VECTORS = svg`<circle cx="4" cy="12" r="1.5" /><circle cx="12" cy="10" r="1.5" /><circle cx="6" cy="4" r="1.5" /><path d="m4.4 10.5 1.2-5M7 5.1l4 3.9M5.5 11.7l5-1.3" />`;
const MICROPHONE = svg`<rect x="6" y="1.5" width="4" height="7.5" rx="2" /><path d="M3.5 7.5a4.5 4.5 0 0 0 9 0M8 12v2.5" />`;

const CAPABILITIES: Readonly<Record<string, SVGTemplateResult>> = {
  vision: svg`<path d="M1 8s2.5-4.5 7-4.5S15 8 15 8s-2.5 4.5-7 4.5S1 8 1 8z" /><circle cx="8" cy="8" r="2" />`,
  function_calling: svg`<path d="M13.6 4.2 11.3 6.5l-2-.3-.3-2 2.3-2.3a4 4 0 0 0-5 5L2 11.5 4.5 14l4.6-4.3a4 4 0 0 0 4.5-5.5z" />`,
  image_generation: svg`<rect x="2" y="2.5" width="12" height="11" rx="1.5" /><circle cx="5.5" cy="6" r="1" /><path d="m2.5 12 4-3.5 2.5 2 2.5-3 2.5 3" />`,
  image_to_image: svg`<path d="m3 13 .7-3L11 2.7 13.3 5 6 12.3zM9.5 4.2l2.3 2.3" />`,
  audio: MICROPHONE,
  audio_transcriptions: MICROPHONE,
  audio_speech: svg`<path d="M2 6v4h2.5L8 13V3L4.5 6zM10.5 6a3 3 0 0 1 0 4M12.5 4a6 6 0 0 1 0 8" />`,
  reranker: svg`<path d="M2 4h4M2 8h6M2 12h8M13 3v10M11 11l2 2 2-2" />`,
  embeddings: VECTORS,
  embedding: VECTORS,
};

function icon(shape: SVGTemplateResult): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${shape}</svg>`;
}
