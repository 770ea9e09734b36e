import { css } from 'lit';

/** The layout of the chat: the list of conversations next to the current one, or over it in a narrow window. */
export const chatStyles = css`
  :host {
    display: flex;
    height: 100%;
    min-height: 0;
    position: relative;
    container-type: inline-size;
    overflow: hidden;
  }
  aside {
    flex: none;
    width: 16rem;
    padding: 0.75rem;
    border-right: 1px solid var(--line);
    display: flex;
    flex-direction: column;
    min-height: 0;
  }
  conversation-list {
    flex: 1;
  }
  section {
    flex: 1;
    min-width: 0;
    display: flex;
    flex-direction: column;
    min-height: 0;
  }
  .bar,
  parameter-fields,
  .bottom {
    width: 100%;
    max-width: 50rem;
    margin-inline: auto;
    padding-inline: 1.25rem;
  }
  .bar {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    padding-block: 0.75rem 0.5rem;
  }
  .bar model-picker {
    min-width: 0;
    max-width: 24rem;
    flex: 0 1 auto;
  }
  .icon {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
    padding-inline: 0.5rem;
    font-size: 0.875rem;
    flex: none;
  }
  .icon:hover,
  .icon[aria-expanded='true'] {
    color: var(--text);
  }
  .narrow {
    display: none;
  }
  parameter-fields {
    padding-bottom: 0.9rem;
    border-bottom: 1px solid var(--line);
  }
  /* Align with the elements above and below, with or without a scrollbar. */
  message-log::part(scroller) {
    scrollbar-gutter: stable both-edges;
  }
  message-log::part(messages) {
    max-width: 50rem;
    min-height: 100%;
    margin-inline: auto;
    padding: 1rem 1.25rem 0.5rem;
  }
  .welcome {
    margin: auto;
    text-align: center;
    padding-block: 2rem 4rem;
    max-width: 28rem;
  }
  .welcome h1 {
    font-size: 1.5rem;
    font-weight: 650;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  .welcome p {
    margin: 0;
    text-wrap: balance;
    color: var(--quiet);
  }
  .bottom {
    padding-block: 0.25rem 1rem;
  }
  @container (max-width: 46rem) {
    aside {
      display: none;
    }
    aside.opened {
      display: flex;
      position: absolute;
      inset: 0 auto 0 0;
      z-index: 2;
      width: min(18rem, 85%);
      background: var(--ground);
    }
    .veil {
      position: absolute;
      inset: 0;
      z-index: 1;
      background: rgb(0 0 0 / 40%);
    }
    .narrow {
      display: inline-flex;
    }
    .bar,
    parameter-fields,
    .bottom {
      padding-inline: 0.85rem;
    }
    .bottom {
      padding-bottom: 0.75rem;
    }
    message-log::part(scroller) {
      scrollbar-gutter: auto;
    }
    message-log::part(messages) {
      padding-inline: 0.85rem;
    }
  }
  @container (max-width: 30rem) {
    .bar .icon span {
      display: none;
    }
    .bar model-picker {
      flex: 1;
    }
  }
`;
