import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

// What browsers are sent, in two builds into one folder: the console, a page whose parts have hashed names and load when
// they are needed, and the picker, one module of a name that stays, for pages of other programs.

const require = createRequire(import.meta.url);
const ASSETS = join(import.meta.dirname, '../dist/assets');

/** The reference page's parts, from their package, so that the page loads nothing from elsewhere. */
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

/** Puts compressed copies beside all texts, so that no server compresses anything as it serves. */
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
  // `npx vite ui` beside a running Paddock, while the console is worked on.
  // The page's own name is passed on: what Paddock is asked by, it takes for its own.
  server: {
    proxy: { '^/(?:api|v1|health)': { target: 'http://127.0.0.1:8400', changeOrigin: false } },
  },
};

const pickerBuild: UserConfig = {
  ...shared,
  publicDir: false,
  // The last build compresses what all of them made.
  plugins: [compressAssets()],
  build: {
    ...shared.build,
    lib: { entry: 'picker/model-picker.ts', formats: ['es'], fileName: () => 'picker.js' },
    // A library keeps its white space otherwise.
    rolldownOptions: { output: { minify: true } },
  },
};

export default defineConfig(({ mode }) => (mode === 'picker' ? pickerBuild : consoleBuild));
