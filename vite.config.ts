import { defineConfig } from 'vite';

// The programs that users run, on Node and Bun. Each file stands as deep in dist/ as in src/: paths to the package's own
// files rely on it.
export default defineConfig({
  publicDir: false,
  // The package does not depend on it: the command carries a copy.
  ssr: { noExternal: ['eventsource-parser'] },
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
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});
