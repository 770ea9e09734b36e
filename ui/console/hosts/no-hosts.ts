import { html } from 'lit';

/** Renders the instructions for a gateway without providers. */
export function renderNoHosts() {
  return html`<section class="empty" aria-labelledby="empty">
    <h1 id="empty">No hosts are configured</h1>
    <p>
      Set <code>PROVIDERS</code> to the names and addresses of your hosts, then restart Paddock:
    </p>
    <pre tabindex="0">PROVIDERS="desktop=llama-swap://desktop:8080 lab=llama-swap://lab:8080"</pre>
    <p class="quiet-text">
      Set it in the environment, or in the file <code>.env</code> in Paddock’s folder. To try
      simulated hosts, run <code>npm start</code> without settings.
    </p>
  </section>`;
}
