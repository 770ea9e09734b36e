import { css } from 'lit';

/** The styles of the hosts view. */
export const hostsViewStyles = css`
  :host {
    max-width: 76rem;
    margin: 0 auto;
    padding: 1.25rem clamp(0.75rem, 2vw, 1.5rem) 3rem;
  }
  p {
    margin: 0;
  }
  h1 {
    margin: 0;
    font-size: 1.5rem;
    letter-spacing: -0.015em;
  }
  h2 {
    margin: 1.75rem 0 0.625rem;
    font-size: 1rem;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    justify-content: space-between;
    gap: 0.5rem 1rem;
  }
  .check {
    display: flex;
    align-items: center;
    gap: 0.75rem;
  }
  .hosts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr));
    gap: 1rem;
  }
  .findings ul,
  .rows {
    list-style: none;
    margin: 0;
  }
  .findings ul {
    display: grid;
    gap: 0.375rem;
    margin-bottom: 0.375rem;
    padding: 0;
  }
  .findings li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.75rem;
    padding: 0.5rem 0.875rem;
    border-radius: var(--radius);
    overflow-wrap: anywhere;
  }
  .findings svg {
    width: 1rem;
    height: 1rem;
    margin-top: 0.2rem;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
  }
  [data-level='fault'] li {
    background: var(--bad-ground);
  }
  [data-level='fault'] svg {
    color: var(--bad);
  }
  [data-level='warning'] li {
    background: var(--busy-ground);
  }
  [data-level='warning'] svg {
    color: var(--busy);
  }
  [data-level='note'] li {
    background: var(--raised);
  }
  [data-level='note'] svg {
    color: var(--quiet);
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.375rem 0.5rem;
    margin-top: 0.375rem;
  }
  .choices .quiet-text {
    color: inherit;
  }
  .choices code {
    padding: 0.0625rem 0.5rem;
    background: var(--surface);
    border-radius: calc(var(--radius) / 2);
  }
  .rows {
    padding: 0.25rem 1.125rem;
  }
  .rows li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.125rem 1rem;
    padding: 0.5rem 0;
    overflow-wrap: anywhere;
  }
  .rows li + li {
    border-top: 1px solid var(--line);
  }
  .rows .variable {
    margin-left: auto;
    font-size: 0.8125rem;
  }
  .hidden li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
  }
  .hidden div {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.125rem 1rem;
  }
  .role {
    flex: 0 0 clamp(5.25rem, 20vw, 6.5rem);
  }
  .empty {
    max-width: 40rem;
    margin: 10vh auto 0;
    display: grid;
    gap: 0.75rem;
  }
  pre {
    margin: 0;
    padding: 0.75rem 1rem;
    overflow: auto;
    background: var(--raised);
    border-radius: var(--radius);
  }
  .waiting {
    margin-top: 10vh;
    text-align: center;
  }
`;
