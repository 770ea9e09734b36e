// Builds catalogs in memory. Its arguments are the number of runs and the numbers of providers; it prints BuildFigures
// for each. It needs --expose-gc.

import { measureBuild, type BuildFigures } from '../catalog/measure-build.ts';
import { endWithParent } from '../shared/end-with-parent.ts';

endWithParent();
const [runs = 1, ...sizes] = process.argv.slice(2).map(Number);
const figures: BuildFigures[] = [];
for (const providers of sizes) figures.push(await measureBuild(providers, runs));
console.log(JSON.stringify(figures));
process.exit(0);
