// workerd with the Worker as it would be deployed. Its arguments are the bundle's folder, the compatibility date, the
// flags as JSON and the settings as JSON. It prints its address.

import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { endWithParent } from '../shared/end-with-parent.ts';

// Miniflare ends workerd when this process exits.
endWithParent();
const [folder = '', compatibilityDate = '', flags = '[]', settings = '{}'] = process.argv.slice(2);
const miniflare = new Miniflare({
  // Listed explicitly: Miniflare would otherwise look for packages of optional parts.
  modules: [{ type: 'ESModule', path: join(folder, 'index.js') }],
  modulesRoot: folder,
  compatibilityDate,
  compatibilityFlags: JSON.parse(flags) as string[],
  bindings: JSON.parse(settings) as Record<string, string>,
  host: '127.0.0.1',
  cf: false,
});
console.log((await miniflare.ready).origin);
