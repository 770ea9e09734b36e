import { css } from 'lit';

/** The styles of an answer. */
export const answerStyles = css`
  article {
    display: flex;
    flex-direction: column;
    gap: 0.6rem;
    min-width: 0;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.1rem 0.5rem;
    font-size: 0.8125rem;
  }
  header h2 {
    font-size: inherit;
    margin: 0;
    font-weight: 650;
  }
  header span {
    color: var(--quiet);
  }
  header em {
    font-style: normal;
    font-weight: 600;
    color: var(--good);
    border: 1px solid currentColor;
    border-radius: 1rem;
    padding: 0 0.5rem;
    font-size: 0.75rem;
  }
  .reasoning {
    color: var(--quiet);
    font-size: 0.9375rem;
  }
  .reasoning summary {
    cursor: pointer;
    width: fit-content;
    font-size: 0.8125rem;
    border-radius: 0.25rem;
  }
  .reasoning markdown-text {
    border-left: 2px solid var(--line);
    padding-left: 0.9rem;
    margin: 0.4rem 0 0.2rem;
  }
  p {
    margin: 0;
  }
  .waiting {
    display: flex;
    align-items: center;
    gap: 0.6rem;
    color: var(--quiet);
    font-variant-numeric: tabular-nums;
  }
  .waiting span {
    display: inline-block;
  }
  .waiting span::first-letter {
    text-transform: uppercase;
  }
  .waiting i {
    flex: none;
    width: 0.6rem;
    height: 0.6rem;
    border-radius: 50%;
    background: var(--busy);
    animation: breathe 1.6s ease-in-out infinite;
  }
  @keyframes breathe {
    50% {
      opacity: 0.25;
    }
  }
  .note {
    color: var(--quiet);
    font-size: 0.875rem;
  }
  .fault {
    border: 1px solid var(--line);
    border-left: 3px solid var(--bad);
    border-radius: var(--radius);
    background: var(--surface);
    padding: 0.7rem 0.9rem;
    display: flex;
    flex-direction: column;
    gap: 0.35rem;
    align-items: flex-start;
    overflow-wrap: anywhere;
  }
  .fault button {
    margin-top: 0.25rem;
  }
  figure {
    margin: 0;
    width: fit-content;
    max-width: 100%;
  }
  figure img {
    display: block;
    max-width: 100%;
    min-width: min(16rem, 100%);
    border-radius: var(--radius);
    border: 1px solid var(--line);
  }
  figcaption {
    display: flex;
    flex-wrap: wrap;
    gap: 0.2rem 0.75rem;
    margin-top: 0.35rem;
    font-size: 0.8125rem;
    color: var(--quiet);
    max-width: 34rem;
    overflow-wrap: anywhere;
  }
  footer {
    display: flex;
    align-items: center;
    gap: 0.125rem;
    min-height: 2rem;
    color: var(--quiet);
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
  }
  article[aria-busy='false'] footer:has(.metrics:empty):not(:has(button, copy-button)) {
    display: none;
  }
  .metrics {
    margin-right: 0.5rem;
  }
  .metrics:empty {
    display: none;
  }
  .icon,
  copy-button::part(button) {
    min-width: 0;
    min-height: 2rem;
    padding: 0.25rem 0.4rem;
    display: inline-flex;
    align-items: center;
    font-size: 0.8125rem;
  }
  copy-button::part(button) {
    color: var(--quiet);
    background: none;
    border-color: transparent;
  }
  .icon:hover,
  copy-button::part(button):hover {
    color: var(--text);
  }
`;
