import type { OptionRow, Row, Section, Sections } from './to-sections.ts';

/**
 * Returns the part of the list that a typed text selects: the models whose name, ID or provider contains it, and the
 * notices about providers that contain it. If no model contains the whole text, it selects those that contain each of
 * its words. An empty text selects everything. Case does not matter.
 */
export function filterSections(all: Sections, text: string): Sections {
  const sought = text.trim().toLowerCase();
  if (sought === '') return all;
  const found = pickMatches(all.options, sought);
  const options: OptionRow[] = [];
  const keep = (row: Row): Row[] => {
    if (row.kind === 'notice') return isSoughtNotice(row, sought) ? [row] : [];
    if (!found.has(row)) return [];
    const kept = { ...row, index: options.length };
    options.push(kept);
    return [kept];
  };
  const list = all.list.flatMap((section): Section[] => {
    const rows = section.rows.flatMap(keep);
    return rows.length === 0 ? [] : [{ ...section, rows }];
  });
  return { list: list.length === 0 ? [toEmptySection(text.trim())] : list, options };
}

function pickMatches(options: readonly OptionRow[], sought: string): ReadonlySet<OptionRow> {
  // A line break separates the fields: no typed text contains one.
  const texts = options.map(({ model: { name, id }, host }) =>
    [name, id, host].join('\n').toLowerCase(),
  );
  const pick = (parts: readonly string[]) =>
    new Set(options.filter((_row, index) => parts.every((part) => texts[index]?.includes(part))));
  const matches = pick([sought]);
  return matches.size > 0 ? matches : pick(sought.split(/\s+/u));
}

function isSoughtNotice({ label, text }: { label: string | null; text: string }, sought: string) {
  return label !== null && `${label}\n${text}`.toLowerCase().includes(sought);
}

function toEmptySection(text: string): Section {
  const row = { kind: 'notice', key: 'notice no match', label: null } as const;
  return { key: row.key, header: null, rows: [{ ...row, text: `No model matches "${text}".` }] };
}
