/** The environment. On Workers it also contains bindings, which are not strings and are ignored. */
export type Environment = Readonly<Record<string, unknown>>;

/** Returns a variable's text; null if unset or blank, as Compose files and CI leave what they omit. */
export function pickText(environment: Environment, variable: string): string | null {
  const value = environment[variable];
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
