/** This program's version, which package.json has as well. */
export const VERSION = '0.1.0';
