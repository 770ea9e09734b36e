// Measures how fast Paddock builds its catalog and answers with it. README.md explains the figures.

import { runBuildStage } from './catalog/build-stage.ts';
import { runServeStage } from './catalog/serve-stage.ts';
import { runBenchmark } from './shared/run-benchmark.ts';

await runBenchmark({ build: runBuildStage, serve: runServeStage });
