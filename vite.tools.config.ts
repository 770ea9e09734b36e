import { defineConfig } from 'vite';

/** The programs that are run in the repository alone, and the processes that they start. */
const PROGRAMS = [
  'src/runtime/workers/dev-worker',
  'scripts/screenshots',
  'test/soak/soak',
  'test/soak/processes/soak-hosts',
  'test/soak/processes/soak-watch',
  'bench/catalog',
  'bench/gateway',
  'bench/processes/bare-handler',
  'bench/processes/bare-proxy',
  'bench/processes/catalog-build',
  'bench/processes/gateway-alone',
  'bench/processes/load',
  'bench/processes/providers',
  'bench/processes/routing',
  'bench/processes/slow-load',
  'bench/processes/upstream',
  'bench/processes/workerd',
];

// All of it stands directly in dist/tools/, two folders below the package's root.
export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    target: 'node20',
    sourcemap: true,
    outDir: 'dist/tools',
    rollupOptions: {
      input: PROGRAMS.map((program) => `${program}.ts`),
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
