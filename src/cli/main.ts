#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// Reading some hundred source files takes longer than most commands; compiled once, they are kept. In a directory of the
// user's own, because whoever can write there decides what runs. A cache that cannot be written is done without.
const caches = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
enableCompileCache(join(caches, 'pawl', 'compiled'));
const { runCommandLine } = await import('./run-command-line.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
