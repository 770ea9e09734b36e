// workerd with the Worker as it would be deployed, in a process of its own. Its arguments are the Worker's folder, its
// compatibility date and flags, and its settings, the last two as JSON. Prints its address.

import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { endWithParent } from '../../end-with-parent.ts';

// workerd is ended by Miniflare when this process exits.
endWithParent();
const [folder = '', compatibilityDate = '', flags = '[]', settings = '{}'] = process.argv.slice(2);
const miniflare = new Miniflare({
  // Named one by one, for it would look for the packages of optional parts too.
  modules: [{ type: 'ESModule', path: join(folder, 'index.js') }],
  modulesRoot: folder,
  compatibilityDate,
  compatibilityFlags: JSON.parse(flags) as string[],
  bindings: JSON.parse(settings) as Record<string, string>,
  host: '127.0.0.1',
  cf: false,
});
console.log((await miniflare.ready).origin);
