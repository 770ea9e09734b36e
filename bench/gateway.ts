// Measures what it costs to pass requests on. README.md explains the figures.

import { runLargeStage } from './gateway/large-stage.ts';
import { runLoadStage } from './gateway/load-stage.ts';
import { runRoutingStage } from './gateway/routing-stage.ts';
import { runSlowStage } from './gateway/slow-stage.ts';
import { runWatchingStage } from './gateway/watching-stage.ts';
import { runBenchmark } from './shared/run-benchmark.ts';

await runBenchmark({
  routing: runRoutingStage,
  load: runLoadStage,
  watching: runWatchingStage,
  large: runLargeStage,
  slow: runSlowStage,
});
