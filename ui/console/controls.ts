import { css } from 'lit';

/**
 * The shared styles of buttons, fields and boxes: `button`, `.primary`, `.quiet`, `.danger`, `.small`, `.round`,
 * fields, `.card`, `.quiet-text`, `.error`, and `.unseen` for text that only screen readers read.
 */
export const controls = css`
  :host {
    display: block;
    box-sizing: border-box;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  button,
  select,
  input,
  textarea {
    font: inherit;
    color: inherit;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    padding: 0.35rem 0.75rem;
    min-height: 2.25rem;
  }
  textarea {
    resize: vertical;
  }
  button {
    cursor: pointer;
    background: var(--raised);
  }
  button:hover:not(:disabled) {
    border-color: var(--quiet);
  }
  button:disabled {
    cursor: default;
    color: var(--quiet);
  }
  button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
  }
  button.primary:disabled {
    background: var(--raised);
    border-color: var(--line);
    color: var(--quiet);
  }
  button.quiet {
    background: none;
    border-color: transparent;
    color: var(--quiet);
  }
  button.danger {
    color: var(--bad);
  }
  button.small {
    font-size: 0.8125rem;
    padding: 0.125rem 0.625rem;
    min-height: 1.75rem;
  }
  button.round {
    flex: none;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    width: 2.25rem;
    height: 2.25rem;
    padding: 0;
    border-radius: 50%;
  }
  a {
    color: var(--accent);
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .card {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) * 1.5);
    box-shadow: var(--shadow);
    padding: var(--gap);
  }
  .quiet-text {
    color: var(--quiet);
    font-size: 0.875rem;
  }
  .error {
    color: var(--bad);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  code,
  pre {
    font-family: var(--mono);
    font-size: 0.875em;
  }
  dialog {
    color: var(--text);
    background: var(--surface);
    border: 1px solid var(--line);
    padding: 1.25rem;
    max-width: min(32rem, 92vw);
    border-radius: calc(var(--radius) * 1.5);
    box-shadow: var(--shadow-high);
    overflow-wrap: anywhere;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 45%);
  }
  h1,
  h2,
  h3 {
    line-height: 1.25;
    margin: 0 0 0.5rem;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
