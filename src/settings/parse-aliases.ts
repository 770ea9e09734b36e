import { findIdFault, splitId } from '../resolve/composite-id.ts';
import { splitAssignments } from '../registry/assignments.ts';
import type { Fault } from '../registry/fault.ts';
import { quote } from '../registry/value-schemas.ts';

/** Parses `alias=composite` entries separated by white space. `names` are the providers'; null if unknown. */
export function parseAliases(
  text: string,
  names: ReadonlySet<string> | null,
): { aliases: ReadonlyMap<string, string>; faults: readonly Fault[] } {
  const aliases = new Map<string, string>();
  const faults: Fault[] = [];
  for (const { position, name: alias, value: target } of splitAssignments(text)) {
    const reasons = findAliasFaults({ alias, target }, names);
    if (aliases.has(alias)) reasons.push('expected an alias that no earlier entry has');
    const entry = `entry ${position}${alias === '' ? '' : ` ${quote(alias)}`}`;
    faults.push(...reasons.map((message) => ({ variable: 'MODEL_ALIASES', entry, message })));
    aliases.set(alias, target);
  }
  return { aliases, faults };
}

function findAliasFaults(
  { alias, target }: { alias: string; target: string },
  names: ReadonlySet<string> | null,
): string[] {
  if (alias === '' || target === '') return ['expected alias=provider/model'];
  const reasons: string[] = [];
  const aliasFault = findIdFault(alias);
  if (aliasFault !== null) reasons.push(`the alias ${aliasFault}`);
  const shadowed = splitId(alias)?.provider;
  if (shadowed !== undefined && names?.has(shadowed)) {
    reasons.push(`an alias may not begin with the name of a provider and a slash ("${shadowed}/")`);
  }
  const targetFault = findIdFault(target);
  const parts = splitId(target);
  if (targetFault !== null) reasons.push(`its target ${targetFault}`);
  else if (parts === null || names?.has(parts.provider) === false || parts.model === '') {
    reasons.push('expected its target to be provider/model, with a provider that is set up');
  }
  return reasons;
}
