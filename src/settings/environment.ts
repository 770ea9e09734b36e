/** The environment: on Workers it also holds bindings, which are no strings and are passed over. */
export type Environment = Readonly<Record<string, unknown>>;

/** A variable's text; null where it is unset or blank: Compose files and CI set variables to nothing to leave them out. */
export function pickText(environment: Environment, variable: string): string | null {
  const value = environment[variable];
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
