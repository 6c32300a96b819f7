import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Component } from 'svelte';
import type { render as Render } from 'svelte/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PLACES } from '../../electron/contract/places.ts';
import { Scratch } from './scratch.ts';

// The recipes of CONTRIBUTING.md for the page, followed on a copy of the sources.

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
  // What the page finds in a browser when its modules are evaluated.
  vi.stubGlobal('window', { addEventListener() {} });
  vi.stubGlobal('location', { hash: '#/albums' });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await scratch.remove();
});

interface Menu {
  menuOf(options: { words: unknown; platform: string; send(): void }): MenuItem[];
}
interface MenuItem {
  id?: string;
  label?: string;
  accelerator?: string;
  submenu?: MenuItem[];
}

/** Items of the desktop's menu in one language, without the menus they are in. */
async function menuIn(language: string): Promise<MenuItem[]> {
  const { menuOf } = await scratch.load<Menu>('electron/shell/menu.ts');
  const { wordsIn } = await scratch.load<{ wordsIn(language: string): unknown }>('electron/shell/words.ts');
  const menus = menuOf({ words: wordsIn(language), platform: 'linux', send() {} });
  return menus.flatMap(({ submenu }) => submenu ?? []);
}

describe('a new screen', () => {
  const CHECKED = ['renderer/words/all.ts', 'renderer/words/de/albums.ts'];

  function addWords(): void {
    const words = { en: 'Albums', de: 'Alben' };
    scratch.write(
      'renderer/words/en/albums.ts',
      `/** Photos that belong together. */\nexport default { 'places.albums': '${words.en}', 'albums.none': 'There is none.' } as const;\n`,
    );
    scratch.write(
      'renderer/words/de/albums.ts',
      `import type { Translated } from '../catalog.ts';\nimport type en from '../en/albums.ts';\n\nexport default { 'places.albums': '${words.de}', 'albums.none': 'Es gibt keines.' } satisfies Translated<typeof en>;\n`,
    );
    scratch.insert(
      'renderer/words/all.ts',
      "typeof import('./en/photos.ts'),",
      "\n    typeof import('./en/albums.ts'),",
    );
  }
  function addComponent(): void {
    scratch.write(
      'renderer/screens/Albums.svelte',
      `<script lang="ts">\nimport { t } from '../words/words.svelte.ts';\n</script>\n\n<h1 tabindex="-1">{t('places.albums')}</h1>\n<p>{t('albums.none')}</p>\n`,
    );
  }
  const register = () =>
    scratch.insert(
      'electron/contract/places.ts',
      "people: { from: 'bar', keys: '$mod+1' },",
      "\n  albums: { from: 'bar', keys: '$mod+b' },",
    );

  it('is five files, one of which registers it', async () => {
    addComponent();
    addWords();
    register();
    expect(scratch.touched.size).toBeLessThanOrEqual(5);
    expect(scratch.typeErrors(...CHECKED)).toEqual([]);

    const { to } = await scratch.load<{ to: Record<string, () => string> }>('renderer/state/route.svelte.ts');
    expect(to.albums!()).toBe('#/albums');
    const { fetchScreen } = await scratch.load<{ fetchScreen(name: string): Promise<Component> }>(
      'renderer/screens/screens.ts',
    );
    const { render } = await scratch.load<{ render: typeof Render }>('svelte/server');
    expect(render(await fetchScreen('albums')).body).toContain('Albums');
    expect(await menuIn('en')).toContainEqual(
      expect.objectContaining({ id: 'go.albums', label: 'Albums', accelerator: 'CmdOrCtrl+B' }),
    );
    expect(await menuIn('de')).toContainEqual(expect.objectContaining({ id: 'go.albums', label: 'Alben' }));
  });

  it('is a type error where nobody said what it is called', () => {
    addComponent();
    register();
    expect(scratch.typeErrors(...CHECKED.slice(0, 1)).join('\n')).toMatch(/all\.ts: .*"places\.albums"/);
  });
});

it('every screen that is registered has its component, and every component is registered', () => {
  const components = readdirSync(resolve(import.meta.dirname, '../../renderer/screens')).filter((name) =>
    name.endsWith('.svelte'),
  );
  const names = components.map((name) =>
    name.replace('.svelte', '').replace(/^./, (first) => first.toLowerCase()),
  );
  expect(names.sort()).toEqual(Object.keys(PLACES).sort());
});

describe('a new language', () => {
  const add = () => {
    cpSync(join(scratch.folder, 'renderer/words/de'), join(scratch.folder, 'renderer/words/fr'), {
      recursive: true,
    });
    scratch.replace(
      'renderer/words/fr/frame.ts',
      "'places.people': 'Personen'",
      "'places.people': 'Personnes'",
    );
    scratch.replace('renderer/words/fr/desktop.ts', "file: 'Ablage'", "file: 'Fichier'");
  };

  it('is a folder', async () => {
    add();
    const { LANGUAGES } = await scratch.load<{ LANGUAGES: Record<string, string> }>(
      'renderer/words/words.svelte.ts',
    );
    expect(LANGUAGES).toEqual({ en: 'English', de: 'Deutsch', fr: 'Français' });
    const { languages, spokenOf } = await scratch.load<{
      languages: Record<string, Record<string, string>>;
      spokenOf(tags: string[]): string;
    }>('renderer/words/all.ts');
    expect(spokenOf(['fr-CA', 'de'])).toBe('fr');
    expect(languages.fr!['places.people']).toBe('Personnes');
    expect(await menuIn('fr-CA')).toContainEqual(
      expect.objectContaining({ id: 'go.people', label: 'Personnes' }),
    );
  });

  it('is a type error where it lacks a sentence, and speaks English where it lacks a file', async () => {
    add();
    scratch.replace('renderer/words/fr/frame.ts', "'frame.more': 'Mehr',", '');
    expect(scratch.typeErrors('renderer/words/fr/frame.ts').join('\n')).toMatch(
      /fr\/frame\.ts: .*'frame\.more'|"frame\.more"/,
    );
    rmSync(join(scratch.folder, 'renderer/words/fr/photos.ts'));
    const { t, useLanguage } = await scratch.load<{
      t(key: string): string;
      useLanguage(tag: string): void;
    }>('renderer/words/words.svelte.ts');
    vi.stubGlobal('document', { documentElement: {} });
    useLanguage('fr');
    expect([t('places.people'), t('photos.empty')]).toEqual(['Personnes', 'No photos yet']);
  });
});
