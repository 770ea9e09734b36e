import { defineConfig } from 'vite';

// The address must be one of the gateway's CORS_ORIGINS, so another port is no help where this one is taken.
const address = { host: '127.0.0.1', port: 8402, strictPort: true };

export default defineConfig({ server: address, preview: address, build: { target: 'es2023' } });
