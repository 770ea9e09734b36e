import { html } from 'lit';

/** Renders the instructions for a gateway without providers. */
export function renderNoHosts() {
  return html`<section class="empty" aria-labelledby="empty">
    <h1 id="empty">No host is set up yet</h1>
    <p>
      Say in <code>PROVIDERS</code> what your hosts are called and where they are, and start Paddock
      again:
    </p>
    <pre tabindex="0">PROVIDERS="desktop=llama-swap://desktop:8080 lab=llama-swap://lab:8080"</pre>
    <p class="quiet-text">
      It stands in the environment, or in a file <code>.env</code> beside Paddock. For a herd to try
      it with, run <code>npm start</code> without settings.
    </p>
  </section>`;
}
