import { serve } from './serve.ts';

await serve({ demo: process.argv.includes('--demo') ? 'without-providers' : 'never' });
