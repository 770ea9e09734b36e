import { join } from 'node:path';
import { defineConfig } from 'vite';

const BENCH = join(import.meta.dirname, 'bench/');

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
        'runtime/node': 'src/runtime/node.ts',
        'runtime/bun': 'src/runtime/bun.ts',
        'cli/paddock': 'src/cli/paddock.ts',
        client: 'src/client/client.ts',
        'runtime/dev-worker': 'src/runtime/dev-worker.ts',
        'bench/catalog': 'bench/catalog.ts',
        'bench/herd': 'bench/herd.ts',
        'bench/bare': 'bench/bare.ts',
        'bench/build': 'bench/build.ts',
        'bench/gateway': 'bench/gateway.ts',
        'bench/gateway/processes/upstream': 'bench/gateway/processes/upstream.ts',
        'bench/gateway/processes/bare-proxy': 'bench/gateway/processes/bare-proxy.ts',
        'bench/gateway/processes/worker': 'bench/gateway/processes/worker.ts',
        'bench/gateway/processes/load': 'bench/gateway/processes/load.ts',
        'bench/gateway/processes/slow-load': 'bench/gateway/processes/slow-load.ts',
        'bench/gateway/processes/routing': 'bench/gateway/processes/routing.ts',
      },
      output: {
        entryFileNames: '[name].js',
        // What only the benchmarks need stands beside them, as deep in dist/ as all: the package leaves that folder out.
        chunkFileNames: ({ moduleIds }) =>
          moduleIds.length > 0 && moduleIds.every((id) => id.startsWith(BENCH))
            ? 'bench/[name]-[hash].js'
            : 'chunks/[name]-[hash].js',
      },
    },
  },
});
