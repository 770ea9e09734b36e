import { html } from 'lit';

/** What stands in place of a herd where none is set up. */
export function renderEmptyHerd(message: string) {
  return html`<section class="empty">
    <h1>No host is set up yet</h1>
    <p>${message}</p>
    <pre tabindex="0">PROVIDERS="desktop=llama-swap://desktop:8080 lab=llama-swap://lab:8080"</pre>
    <p class="quiet-text">
      It stands in the environment, or in a file <code>.env</code> beside Paddock. For a herd to try
      it with, run <code>npm start</code> without settings.
    </p>
  </section>`;
}
