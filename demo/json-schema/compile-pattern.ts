/** Returns the regular expression of a `pattern`; `undefined` for an invalid one. */
export function compilePattern(pattern: string): RegExp | undefined {
  const source = toSource(pattern);
  for (const flags of ['u', '']) {
    try {
      return new RegExp(source, flags);
    } catch {
      // Without the flag, fewer patterns are invalid.
    }
  }
  return undefined;
}

/** Replaces what only Python and Rust know: leading flags, their names of groups, and their start and end of a text. */
function toSource(pattern: string): string {
  return pattern
    .replace(/^\(\?[a-z]+\)/u, '')
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\\[AZz]|\\./gsu, (escape) =>
      escape === String.raw`\A` ? '^' : /[Zz]/u.test(escape) ? '$' : escape,
    );
}
