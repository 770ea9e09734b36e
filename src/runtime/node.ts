import { serve } from './serve-node.ts';

await serve({ demo: process.argv.includes('--demo') ? 'without-providers' : 'never' });
