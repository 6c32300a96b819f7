#!/usr/bin/env node
import { runUnderNode24 } from './node24.js';

await runUnderNode24('electron/host/cli.ts', process.argv.slice(2));
