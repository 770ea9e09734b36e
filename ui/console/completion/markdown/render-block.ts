// markdown/ turns answers into elements. It is heavy, so that it loads when the first answer comes, by the one import in
// `markdown-text.ts`.

import { Marked, type Tokens } from 'marked';
import { highlight } from './highlight.ts';
import { sanitize } from './sanitize.ts';

export { splitBlocks, NO_BLOCKS } from './split-blocks.ts';

const marked = new Marked({
  gfm: true,
  renderer: {
    code: ({ text, lang = '' }: Tokens.Code) => {
      const language = /^[\w+#-]*/u.exec(lang)?.[0].toLowerCase() ?? '';
      const code = highlight(text, language) ?? escape(text);
      return `<pre><code class="language-${language || 'text'}">${code}</code></pre>`;
    },
    html: ({ text }: Tokens.HTML | Tokens.Tag) => toPlainHtml(text),
    // Form fields have no place in an answer.
    checkbox: ({ checked }: Tokens.Checkbox) => (checked ? '☑ ' : '☐ '),
    // Below the headings of the page itself.
    heading({ tokens, depth }: Tokens.Heading) {
      const level = Math.min(depth + 2, 6);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    },
  },
});

/** One top-level block as elements that can do no harm. `definitions` are the link targets that it may name. */
export function renderBlock(block: string, definitions: string): DocumentFragment {
  const source = block.includes('[') ? `${block}\n\n${definitions}` : block;
  const fragment = sanitize(marked.parse(source, { async: false }));
  for (const pre of fragment.querySelectorAll('pre')) frameCode(pre);
  for (const table of fragment.querySelectorAll('table')) {
    const frame = document.createElement('div');
    frame.className = 'table';
    frame.tabIndex = 0;
    table.replaceWith(frame);
    frame.append(table);
  }
  return fragment;
}

/** Puts a bar over code with its language and a button that copies it, whose click `markdown-text.ts` hears. */
function frameCode(pre: HTMLPreElement): void {
  const frame = document.createElement('div');
  frame.className = 'code';
  const bar = document.createElement('div');
  bar.className = 'bar';
  const language = document.createElement('span');
  language.textContent = /language-(\S+)/u.exec(pre.firstElementChild?.className ?? '')?.[1] ?? '';
  const copy = document.createElement('button');
  copy.type = 'button';
  copy.className = 'copy';
  copy.textContent = 'Copy';
  copy.setAttribute('aria-label', 'Copy code');
  bar.append(language, copy);
  // What may have to be scrolled must be reached by keyboard.
  pre.tabIndex = 0;
  pre.replaceWith(frame);
  frame.append(bar, pre);
}

/**
 * HTML within Markdown is shown as it was written, but for tags that only set text apart and have no attributes. The rest
 * would not get past `sanitize` either; here it never becomes an element that the page's policy has to complain of.
 */
function toPlainHtml(text: string): string {
  return escape(text.replaceAll(/<!--[\s\S]*?-->/gu, '')).replaceAll(PLAIN_TAG, '<$1>');
}

const PLAIN_TAG =
  /&lt;(\/?(?:br|hr|p|b|i|u|s|em|strong|del|ins|mark|sub|sup|kbd|details|summary) ?\/?)&gt;/giu;

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
