// markdown/ renders answers as elements. It is large, so it loads with the first answer, by the dynamic import in
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
    // Render check boxes as text: an answer must not contain form fields.
    checkbox: ({ checked }: Tokens.Checkbox) => (checked ? '☑ ' : '☐ '),
    // Start two levels down, below the page's own headings.
    heading({ tokens, depth }: Tokens.Heading) {
      const level = Math.min(depth + 2, 6);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    },
  },
});

/** Renders one top-level block as safe elements. `definitions` are the link targets that it may refer to. */
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

/** Adds a bar above code with its language and a copy button; `markdown-text.ts` handles the click. */
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
  // Scrollable content must be reachable by keyboard.
  pre.tabIndex = 0;
  pre.replaceWith(frame);
  frame.append(bar, pre);
}

/**
 * Shows HTML within Markdown as source text, except formatting tags without attributes. `sanitize` would remove the
 * rest too; escaped here, it never becomes an element that violates the page's content security policy.
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
