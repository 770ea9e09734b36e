/** The environment. On Workers it also contains bindings, which are not strings and are ignored. */
export type Environment = Readonly<Record<string, unknown>>;

/**
 * Returns a variable's text, or null if it is unset or blank: Compose files and CI set variables to an empty text to
 * omit them.
 */
export function pickText(environment: Environment, variable: string): string | null {
  const value = environment[variable];
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
