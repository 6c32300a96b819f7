import { defineConfig } from '@playwright/test';
import config from './playwright.config.ts';

/** `npm run pictures`: the README's pictures, made anew from the sample photos. */
export default defineConfig({ ...config, testMatch: 'pictures.ts' });
