import { html, nothing, svg } from 'lit';
import type { Finding } from '../../fleet/answers.ts';
import type { Catalog } from '../../fleet/catalog.ts';
import { findReplacements } from './find-replacements.ts';
import { groupFindings } from './group-findings.ts';
import type { RoleEntry } from './read-roles.ts';

type Drifted = RoleEntry & { readonly id: string };

const MARKS = {
  fault: svg`<path d="M4 4l8 8M12 4l-8 8" />`,
  warning: svg`<path d="M8 2.5v6.5M8 12.5v.5" />`,
  note: svg`<path d="M8 7v6M8 3v.5" />`,
};

/** Renders the doctor's findings, worst first, with alternatives for models that are no longer listed. */
export function renderFindings(options: {
  catalog: Catalog;
  /** The doctor's findings; null before the first response. */
  findings: readonly Finding[] | null;
  /** The error of the request to the doctor, or null. */
  fault: string | null;
  /** The settings that name models that are no longer listed; null before they are known. */
  drifted: readonly Drifted[] | null;
}) {
  const { catalog, findings, fault, drifted } = options;
  if (fault !== null) return html`<p class="error">The check failed: ${fault}</p>`;
  if (findings === null) return html`<p class="quiet-text">Checking…</p>`;
  // The list of hidden favorites shows these.
  const groups = groupFindings(findings, { except: ['hidden_favorites'] });
  const isWell = groups.every(({ level }) => level === 'note');
  return html`<section aria-labelledby="findings" class="findings">
    <h2 id="findings">${isWell ? 'No problems' : 'Problems'}</h2>
    ${groups.map(
      ({ level, title, findings: some }) =>
        html`<h3 class="unseen">${title}</h3>
          <ul data-level=${level} aria-label=${title}>
            ${some.map(
              (finding) =>
                html`<li>
                  <svg viewBox="0 0 16 16" role="img" aria-label=${level}>${MARKS[level]}</svg>
                  <div>
                    ${finding.message}
                    ${
                      finding.code === 'drift'
                        ? renderReplacements(findDrift(finding, drifted ?? []), catalog)
                        : nothing
                    }
                  </div>
                </li>`,
            )}
          </ul>`,
    )}
    ${
      isWell && groups.length === 0
        ? html`<p class="quiet-text">All hosts respond, and all settings are valid.</p>`
        : nothing
    }
  </section>`;
}

/** Returns the drifted setting that a finding is about: its message quotes the ID as the setting has it. */
function findDrift({ subject, message }: Finding, drifted: readonly Drifted[]) {
  return drifted.find(({ variable, id }) => variable === subject && message.includes(`"${id}"`));
}

function renderReplacements(drift: Drifted | undefined, catalog: Catalog) {
  if (drift === undefined) return nothing;
  const { sameName, similarName } = findReplacements(drift.id, catalog);
  const [name] = drift.id.split('/');
  return [
    renderChoices('Same name on other hosts', sameName),
    renderChoices(`Similar models on ${name}`, similarName),
  ];
}

function renderChoices(title: string, ids: readonly string[]) {
  if (ids.length === 0) return nothing;
  return html`<p class="choices">
    <span class="quiet-text">${title}:</span>${ids.map((id) => html`<code>${id}</code>`)}
  </p>`;
}
