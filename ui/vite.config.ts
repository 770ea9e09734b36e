import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

// Builds the browser assets, in two builds into one folder: the console, a page whose chunks have hashed names and
// load on demand, and the picker, a single module with a fixed name for pages of other programs.

const require = createRequire(import.meta.url);
const ASSETS = join(import.meta.dirname, '../dist/assets');

/** The files of the API reference page, copied from their package so that the page loads nothing from other servers. */
const SWAGGER_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png', 'LICENSE'];

function copyReference(): Plugin {
  return {
    name: 'copy-reference',
    closeBundle() {
      const swagger = dirname(require.resolve('swagger-ui-dist/package.json'));
      for (const file of SWAGGER_FILES) cpSync(join(swagger, file), join(ASSETS, 'docs', file));
    },
  };
}

/** Writes a compressed copy next to every text file, so that no server compresses while it serves. */
function compressAssets(): Plugin {
  return {
    name: 'compress-assets',
    closeBundle() {
      for (const entry of readdirSync(ASSETS, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !/\.(?:html|js|css|svg|json)$/u.test(entry.name)) continue;
        const path = join(entry.parentPath, entry.name);
        const bytes = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
      }
    },
  };
}

const shared = {
  root: import.meta.dirname,
  build: { target: 'es2022', outDir: ASSETS, emptyOutDir: false, modulePreload: false },
} satisfies UserConfig;

const consoleBuild: UserConfig = {
  ...shared,
  publicDir: join(import.meta.dirname, '../public'),
  plugins: [copyReference()],
  build: { ...shared.build, assetsDir: 'console', assetsInlineLimit: 0 },
  // For `npx vite ui` with a running Paddock, during work on the console. The proxy keeps the `Host` header, because
  // Paddock accepts the name in it as its own.
  server: {
    proxy: { '^/(?:api|v1|health)': { target: 'http://127.0.0.1:8400', changeOrigin: false } },
  },
};

const pickerBuild: UserConfig = {
  ...shared,
  publicDir: false,
  // This build runs last and compresses the output of both.
  plugins: [compressAssets()],
  build: {
    ...shared.build,
    lib: { entry: 'picker/model-picker.ts', formats: ['es'], fileName: () => 'picker.js' },
    // Library builds keep white space by default.
    rolldownOptions: { output: { minify: true } },
  },
};

export default defineConfig(({ mode }) => (mode === 'picker' ? pickerBuild : consoleBuild));
