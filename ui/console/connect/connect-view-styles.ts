import { css } from 'lit';

/** The styles of the connect view. */
export const connectViewStyles = css`
  :host {
    max-width: 66rem;
    margin: 0 auto;
    padding: 1.25rem clamp(0.75rem, 2vw, 1.5rem) 3rem;
  }
  h1 {
    margin: 0;
    font-size: 1.5rem;
    letter-spacing: -0.015em;
  }
  h2 {
    margin: 0;
    font-size: 1.0625rem;
    scroll-margin-top: 2.25rem;
  }
  h2:focus {
    outline: none;
  }
  h3 {
    margin: 0;
    font-size: 0.875rem;
  }
  p {
    margin: 0;
    max-width: 52rem;
  }
  .choice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 0.75rem;
    margin: 1.25rem 0;
  }
  .note {
    margin-bottom: 1.25rem;
  }
  label {
    font-weight: 600;
  }
  model-picker {
    flex: 0 1 28rem;
    min-width: 0;
    max-width: 100%;
  }
  .programs {
    display: grid;
    grid-template-columns: 9rem minmax(0, 1fr);
    align-items: start;
    gap: 1.5rem;
  }
  .programs > div {
    display: grid;
    gap: 1rem;
  }
  nav {
    position: sticky;
    top: 1.25rem;
    display: grid;
  }
  nav button {
    justify-self: start;
    margin-left: -0.75rem;
    text-align: left;
  }
  nav button:hover {
    color: var(--text);
  }
  section {
    display: grid;
    gap: 0.5rem;
    min-width: 0;
  }
  .snippet {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.25rem;
  }
  .snippet pre,
  .snippet copy-button {
    grid-column: 1;
    grid-row: 2;
  }
  .snippet copy-button {
    justify-self: end;
    align-self: start;
    margin: 0.375rem;
  }
  pre {
    margin: 0;
    padding: 0.75rem 6.5rem 0.75rem 0.875rem;
    overflow: auto;
    font-size: 0.8125rem;
    line-height: 1.55;
    background: var(--raised);
    border-radius: var(--radius);
  }
  pre code {
    font-size: inherit;
  }
  .waiting {
    margin: 10vh auto 0;
    text-align: center;
  }
  @media (width < 48rem) {
    .programs {
      grid-template-columns: minmax(0, 1fr);
      gap: 0.75rem;
    }
    nav {
      position: static;
      display: flex;
      flex-wrap: wrap;
      margin-left: -0.75rem;
    }
    nav button {
      margin: 0;
    }
    .snippet copy-button {
      grid-row: 1;
      margin: 0;
    }
    .snippet h3 {
      grid-row: 1;
      grid-column: 1;
      align-self: center;
      padding-right: 5.5rem;
      overflow-wrap: anywhere;
    }
    pre {
      padding-right: 0.875rem;
    }
  }
`;
