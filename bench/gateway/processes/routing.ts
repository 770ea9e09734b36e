// Routing alone, in a process of its own where nothing else is. Its arguments are the number of runs and the numbers of
// providers; it prints the figures of each as JSON.

import { endWithParent } from '../../end-with-parent.ts';
import { measureRouting } from '../routing-figures.ts';

endWithParent();
const [runs = 1, ...sizes] = process.argv.slice(2).map(Number);
console.log(JSON.stringify(measureRouting(sizes, runs)));
process.exit(0);
