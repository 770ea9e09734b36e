import { html, nothing } from 'lit';
import type { RoleEntry } from './read-roles.ts';

const STATES: Readonly<Record<RoleEntry['state'], string>> = {
  available: '',
  offline: 'its host is offline',
  drifted: 'no longer listed',
  unset: 'not set',
};

/** Renders the roles and their models. */
export function renderRoles(roles: readonly RoleEntry[]) {
  return html`<section aria-labelledby="roles">
    <h2 id="roles">Roles</h2>
    <ul class="rows card">
      ${roles.map(
        ({ label, variable, id, inherited, state }) =>
          html`<li>
            <span class="role">${label}</span>
            ${id === null ? nothing : html`<code>${id}</code>`}
            <span class=${state === 'drifted' ? 'error' : 'quiet-text'}>${STATES[state]}</span>
            <code class="variable quiet-text"
              >${inherited ? `${variable} (default)` : variable}</code
            >
          </li>`,
      )}
    </ul>
  </section>`;
}
