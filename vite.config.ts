import { join } from 'node:path';
import { defineConfig } from 'vite';

/** What is run in the repository alone. */
const UNPACKED = ['bench', 'docs'].map((folder) => join(import.meta.dirname, folder, '/'));

// Everything that Node and Bun run. Files stand as deep in dist/ as in the source, which paths to the package's
// own files rely on.
export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    target: 'node20',
    sourcemap: true,
    rollupOptions: {
      input: {
        'runtime/node': 'src/runtime/node/node.ts',
        'runtime/bun': 'src/runtime/bun/bun.ts',
        'cli/paddock': 'src/cli/paddock.ts',
        client: 'src/client/client.ts',
        'runtime/dev-worker': 'src/runtime/workers/dev-worker.ts',
        'bench/catalog': 'bench/catalog.ts',
        'bench/herd': 'bench/herd.ts',
        'bench/bare': 'bench/bare.ts',
        'bench/build': 'bench/build.ts',
        'bench/gateway': 'bench/gateway.ts',
        'bench/ui': 'bench/ui.ts',
        'bench/trust': 'bench/trust.ts',
        'bench/soak': 'bench/soak.ts',
        'docs/screenshots': 'docs/screenshots.ts',
        'bench/gateway/processes/upstream': 'bench/gateway/processes/upstream.ts',
        'bench/gateway/processes/bare-proxy': 'bench/gateway/processes/bare-proxy.ts',
        'bench/gateway/processes/unwatched': 'bench/gateway/processes/unwatched.ts',
        'bench/gateway/processes/worker': 'bench/gateway/processes/worker.ts',
        'bench/gateway/processes/load': 'bench/gateway/processes/load.ts',
        'bench/gateway/processes/slow-load': 'bench/gateway/processes/slow-load.ts',
        'bench/gateway/processes/routing': 'bench/gateway/processes/routing.ts',
        'bench/soak/processes/hosts': 'bench/soak/processes/hosts.ts',
        'bench/soak/processes/watch': 'bench/soak/processes/watch.ts',
      },
      output: {
        entryFileNames: '[name].js',
        // What only they need stands beside the benchmarks, which the package leaves out, and as deep in dist/ as all.
        chunkFileNames: ({ moduleIds }) =>
          moduleIds.length > 0 &&
          moduleIds.every((id) => UNPACKED.some((folder) => id.startsWith(folder)))
            ? 'bench/[name]-[hash].js'
            : 'chunks/[name]-[hash].js',
      },
    },
  },
});
