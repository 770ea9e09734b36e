import { css } from 'lit';

/** The styles of an answer's text. */
export const markdownStyles = css`
  :host {
    display: block;
    overflow-wrap: anywhere;
  }
  .blocks {
    display: flex;
    flex-direction: column;
    gap: 0.75rem;
  }
  .plain {
    white-space: pre-wrap;
  }
  .block {
    min-width: 0;
  }
  .block > * {
    margin: 0;
  }
  .block:empty {
    display: none;
  }
  h3,
  h4,
  h5,
  h6 {
    font-size: 1rem;
    line-height: 1.35;
    font-weight: 650;
  }
  h3 {
    font-size: 1.2rem;
  }
  h4 {
    font-size: 1.08rem;
  }
  ul,
  ol {
    padding-left: 1.5rem;
  }
  li + li,
  li > ul,
  li > ol {
    margin-top: 0.25rem;
  }
  li > p {
    margin: 0 0 0.4rem;
  }
  blockquote {
    padding-left: 0.9rem;
    border-left: 3px solid var(--line);
    color: var(--quiet);
  }
  blockquote > * {
    margin: 0 0 0.5rem;
  }
  blockquote > :last-child {
    margin-bottom: 0;
  }
  hr {
    border: 0;
    border-top: 1px solid var(--line);
    width: 100%;
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.15em;
  }
  img {
    max-width: 100%;
    border-radius: var(--radius);
  }
  code {
    font: 0.875em/1.5 var(--mono);
  }
  :not(pre) > code {
    background: var(--raised);
    border-radius: 0.25rem;
    padding: 0.1em 0.3em;
  }
  .code {
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    overflow: hidden;
  }
  .bar {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding: 0.1rem 0.25rem 0.1rem 0.75rem;
    border-bottom: 1px solid var(--line);
    background: var(--raised);
    color: var(--quiet);
    font-size: 0.75rem;
  }
  .copy {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    border-radius: 0.25rem;
    padding: 0.25rem 0.5rem;
    min-height: 1.75rem;
    cursor: pointer;
  }
  .copy:hover {
    color: var(--text);
  }
  pre {
    margin: 0;
    padding: 0.65rem 0.75rem;
    overflow-x: auto;
    overflow-wrap: normal;
    line-height: 1.2;
  }
  .table {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
    font-size: 0.9375em;
  }
  th,
  td {
    padding: 0.35rem 0.7rem;
    border-bottom: 1px solid var(--line);
    text-align: left;
    vertical-align: top;
  }
  [align='right'] {
    text-align: right;
  }
  [align='center'] {
    text-align: center;
  }
  th {
    font-weight: 650;
    border-bottom-color: var(--quiet);
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }
  .hljs-comment,
  .hljs-quote,
  .hljs-meta {
    color: light-dark(#5d6661, #98a29b);
    font-style: italic;
  }
  .hljs-keyword,
  .hljs-selector-tag,
  .hljs-tag,
  .hljs-name {
    color: light-dark(#8a2a6b, #f0a6d6);
  }
  .hljs-string,
  .hljs-regexp,
  .hljs-addition,
  .hljs-attribute {
    color: light-dark(#166534, #9be3b1);
  }
  .hljs-number,
  .hljs-literal,
  .hljs-symbol,
  .hljs-type,
  .hljs-built_in {
    color: light-dark(#9a4a06, #f5c07a);
  }
  .hljs-title,
  .hljs-section,
  .hljs-attr,
  .hljs-property {
    color: light-dark(#1d4f9c, #9cc5ff);
  }
  .hljs-deletion,
  .hljs-template-variable,
  .hljs-variable {
    color: light-dark(#b0281c, #ffb0a4);
  }
`;
