import { css } from 'lit';

/** The layout of the arena: models side by side, or one below the other in a narrow window. */
export const arenaStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-height: 0;
    container-type: inline-size;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 0.5rem;
    padding: 0.75rem 1rem 0.5rem;
  }
  .bar h1 {
    font-size: 1.05rem;
    font-weight: 650;
    margin: 0 auto 0 0;
  }
  .bar button {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
    font-size: 0.875rem;
  }
  .bar button[aria-expanded='true'] {
    color: var(--text);
  }
  parameter-fields {
    padding: 0 1rem 0.75rem;
    max-width: 52rem;
  }
  .columns {
    flex: 1;
    min-height: 0;
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: minmax(0, 1fr);
    gap: 0.75rem;
    padding: 0 1rem;
  }
  .bottom {
    width: 100%;
    max-width: 50rem;
    margin-inline: auto;
    padding: 0.6rem 1rem 1rem;
  }
  .shared {
    margin: 0 0 0.4rem;
    padding-left: 0.6rem;
    font-size: 0.8125rem;
    color: var(--quiet);
  }
  .empty {
    margin: auto;
    color: var(--quiet);
    padding: 2rem;
    text-align: center;
  }
  @container (max-width: 30rem) {
    .bar button span {
      display: none;
    }
  }
  @container (max-width: 46rem) {
    .bar {
      padding-inline: 0.85rem;
    }
    .columns {
      grid-auto-flow: row;
      grid-auto-rows: max-content;
      overflow-y: auto;
      padding-inline: 0.85rem;
    }
    .bottom {
      padding: 0.5rem 0.85rem 0.75rem;
    }
  }
`;
