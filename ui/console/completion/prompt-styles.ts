import { css } from 'lit';

/** The styles of the message input. */
export const promptStyles = css`
  form {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: 1rem;
    padding: 0.4rem;
    box-shadow: 0 1px 3px rgb(0 0 0 / 5%);
  }
  form:focus-within,
  form.target {
    border-color: var(--accent);
  }
  form.target {
    background: var(--raised);
  }
  textarea {
    flex: 1;
    min-width: 0;
    border: 0;
    background: none;
    padding: 0.4rem 0.6rem;
    resize: none;
    field-sizing: content;
    min-height: 2.25rem;
    max-height: 40vh;
    line-height: 1.45;
  }
  textarea:focus-visible {
    outline: none;
  }
  textarea::placeholder {
    color: var(--quiet);
    opacity: 1;
  }
  .row {
    display: flex;
    align-items: flex-end;
    gap: 0.25rem;
  }
  p {
    margin: 0.1rem 0.6rem 0.2rem;
    font-size: 0.8125rem;
    color: var(--quiet);
  }
  p:empty {
    margin: 0;
  }
  .attach {
    position: relative;
    width: 2.25rem;
    height: 2.25rem;
    border-radius: 50%;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    color: var(--quiet);
    cursor: pointer;
  }
  .attach:hover {
    color: var(--text);
    background: var(--raised);
  }
  .attach input {
    position: absolute;
    inset: 0;
    opacity: 0;
    cursor: pointer;
    min-height: 0;
    padding: 0;
    font-size: 0;
  }
  .attach:focus-within {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .images {
    list-style: none;
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    margin: 0.2rem 0.4rem 0.4rem;
    padding: 0;
  }
  .images li {
    position: relative;
  }
  .images img {
    display: block;
    width: 4.5rem;
    height: 4.5rem;
    object-fit: cover;
    border-radius: var(--radius);
    border: 1px solid var(--line);
  }
  .images button {
    position: absolute;
    top: 0.2rem;
    right: 0.2rem;
    width: 1.5rem;
    height: 1.5rem;
    min-height: 0;
    padding: 0;
    border-radius: 50%;
    display: inline-flex;
    align-items: center;
    justify-content: center;
  }
`;
