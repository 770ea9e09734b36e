import { serve } from './serve-bun.ts';

await serve({ demo: process.argv.includes('--demo') ? 'without-providers' : 'never' });
