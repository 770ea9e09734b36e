import { css } from 'lit';

/** The styles of a provider's card. */
export const hostCardStyles = css`
  :host {
    display: grid;
  }
  article {
    display: flex;
    flex-direction: column;
    gap: 0.75rem;
    min-width: 0;
    padding: 1rem 1.125rem 0.5rem;
    overflow-wrap: anywhere;
  }
  header {
    display: grid;
    grid-template-columns: 1fr auto;
    align-items: baseline;
    gap: 0 1rem;
  }
  h3 {
    margin: 0;
    font-size: 1.0625rem;
  }
  .status {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
    font-size: 0.875rem;
    font-weight: 600;
  }
  .status svg {
    width: 0.7rem;
    height: 0.7rem;
  }
  [data-tone='good'] {
    color: var(--good);
  }
  [data-tone='quiet'] {
    color: var(--quiet);
  }
  [data-tone='bad'] {
    color: var(--bad);
  }
  .names {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 0.5rem;
    min-height: 1.5rem;
    margin: 0;
    color: var(--quiet);
  }
  .tag {
    padding: 0 0.5rem;
    font-size: 0.75rem;
    line-height: 1.6;
    border: 1px solid var(--line);
    border-radius: 99px;
  }
  p,
  figure {
    margin: 0;
  }
  .fault {
    font-size: 0.875rem;
    color: var(--bad);
  }
  .chart {
    height: 76px;
  }
  figcaption {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.75rem;
    font-variant-numeric: tabular-nums;
    font-size: 0.8125rem;
  }
  .latest {
    color: var(--text);
    font-weight: 600;
  }
  .span {
    margin-left: auto;
  }
  .loaded {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .loaded li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    gap: 0.75rem;
    padding: 0.375rem 0;
    border-top: 1px solid var(--line);
  }
  .loaded div {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 0.75rem;
  }
  .result {
    color: var(--good);
    font-size: 0.875rem;
  }
  /* Screen readers announce only changes of existing elements, so the empty element stays. Remove its gap. */
  .result:empty {
    margin-top: -0.75rem;
  }
  footer {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 1rem;
    min-height: 2rem;
    margin-top: auto;
    padding-top: 0.5rem;
    border-top: 1px solid var(--line);
  }
  footer button {
    margin-right: -0.625rem;
  }
`;
