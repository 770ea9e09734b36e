import { html, nothing } from 'lit';
import { toHeading, type Snippet } from '../../../src/client-settings/client.ts';
import { KEY_VARIABLE } from '../../../src/client-settings/key.ts';
import { toShellWord } from '../../../src/client-settings/quoting.ts';

/** The text shown in place of the key. */
const MASK = '••••••••';

/** Shows how to set the variable that the settings name. The copied text contains the key. */
export function renderKey(key: string) {
  const toText = (word: string) => `export ${KEY_VARIABLE}=${word}`;
  return html`<section class="card" aria-labelledby="program-key">
    <h2 id="program-key" tabindex="-1">Key</h2>
    <p class="quiet-text">
      The settings below name this variable. Where a client reads none, replace YOUR_PADDOCK_KEY.
    </p>
    ${renderText({
      title: '',
      subject: 'Key',
      shown: toText(MASK),
      copied: toText(toShellWord(key)),
    })}
  </section>`;
}

/** Shows a snippet of a client. */
export function renderSnippet(client: string, snippet: Snippet) {
  const { title, text } = snippet;
  return renderText({
    title: toHeading(snippet),
    subject: title === '' ? client : `${client}: ${title}`,
    shown: text,
    copied: text,
  });
}

function renderText(options: { title: string; subject: string; shown: string; copied: string }) {
  const { title, subject, shown, copied } = options;
  return html`<div class="snippet">
    ${title === '' ? nothing : html`<h3>${title}</h3>`}
    <pre
      tabindex="0"
      role="region"
      aria-label=${`Settings for ${subject}`}
    ><code>${shown}</code></pre>
    <copy-button .text=${copied} subject=${subject}></copy-button>
  </div>`;
}
