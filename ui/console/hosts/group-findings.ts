import type { Finding } from '../../fleet/answers.ts';

/** The severity of a finding. */
type Level = Finding['level'];

/** The findings of one level, in the doctor's order. */
interface FindingGroup {
  readonly level: Level;
  /** The heading of the level: `1 fault`, `2 warnings`. */
  readonly title: string;
  readonly findings: readonly Finding[];
}

const LEVELS: readonly Level[] = ['fault', 'warning', 'note'];

/**
 * Groups the findings by level, worst first, without empty levels.
 * @param options.except the codes of findings to leave out
 */
export function groupFindings(
  findings: readonly Finding[],
  { except }: { except: readonly string[] },
): readonly FindingGroup[] {
  const shown = findings.filter(({ code }) => !except.includes(code));
  return LEVELS.flatMap((level) => {
    const some = shown.filter((finding) => finding.level === level);
    if (some.length === 0) return [];
    const title = `${some.length} ${level}${some.length === 1 ? '' : 's'}`;
    return [{ level, title, findings: some }];
  });
}
