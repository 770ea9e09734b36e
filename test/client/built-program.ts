import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';

/** Everything that a built program imports, directly or indirectly. */
export interface BuiltProgram {
  /** The paths of its files. */
  readonly files: readonly string[];
  /** The names of the packages that it imports, in order. */
  readonly packages: readonly string[];
}

/** Follows the imports of a program of the build. */
export function readBuiltProgram(entry: string): BuiltProgram {
  const files = new Set([entry]);
  const packages = new Set<string>();
  for (const file of files) {
    for (const [, id = ''] of readFileSync(file, 'utf8').matchAll(
      /(?:^import |^(?:import|export) .*? from |\bimport\()"([^"]+)"/gmu,
    )) {
      if (id.startsWith('.')) files.add(join(dirname(file), id));
      // isBuiltin does not know Bun's modules.
      else if (!isBuiltin(id) && !id.startsWith('bun:'))
        packages.add(/^(?:@[^/]+\/)?[^/]+/u.exec(id)?.[0] ?? id);
    }
  }
  return { files: [...files], packages: [...packages].toSorted() };
}
