import { t } from '../words/words.svelte.ts';
import { session } from './session.svelte.ts';

/**
 * Whether these keys are one character that is pressed by itself, such as `y`, `?` or `Shift+Y`. Speech input types such
 * characters, and shaky hands hit them by accident, so they can be switched off (WCAG 2.1.4).
 */
export function isCharacter(keys: string): boolean {
  return /^(Shift\+)?.$/.test(keys);
}

/** Whether these keys do anything now. */
export function isOn(keys: string): boolean {
  return !isCharacter(keys) || (session.settings?.keys ?? true);
}

/** Whether a key that was pressed on a face or a card selects it. */
export const isSelecting = ({ key }: KeyboardEvent) => key === ' ' || (key === 'x' && isOn('x'));

export const APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

// A plus is a key too.
const split = (keys: string) => keys.split(/(?<=\w)\+/);

/** A key's name as it stands on the keyboard: `$mod+Shift+z` → `⇧⌘Z`, or `Ctrl Shift Z`. */
export function keyNames(keys: string): string[] {
  const names: Record<string, string> = {
    $mod: APPLE ? '⌘' : t('key.ctrl'),
    Shift: APPLE ? '⇧' : t('key.shift'),
    Alt: APPLE ? '⌥' : 'Alt',
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
    Escape: 'Esc',
    Delete: t('key.del'),
  };
  return split(keys).map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key));
}

/** The same for the ear, which can't tell `←` or `⌘`, and passes over `?`. */
export function keyWords(keys: string): string {
  const words: Record<string, string> = {
    $mod: APPLE ? t('key.command') : t('key.control'),
    Shift: t('key.shift'),
    ArrowLeft: t('key.left'),
    ArrowRight: t('key.right'),
    ArrowUp: t('key.up'),
    ArrowDown: t('key.down'),
    Escape: t('key.escape'),
    Delete: t('key.delete'),
    '+': t('key.plus'),
    '-': t('key.minus'),
    ',': t('key.comma'),
    '?': t('key.question'),
  };
  return split(keys)
    .map((key) => words[key] ?? key.toUpperCase())
    .join(' ');
}

/** For `aria-keyshortcuts`, which has names of its own: `$mod+z` → `Control+Z`. Undefined where they are off. */
export function ariaKeys(...several: string[]): string | undefined {
  const on = several.filter(isOn).map((keys) =>
    split(keys)
      .map((key) =>
        key === '$mod' ? (APPLE ? 'Meta' : 'Control') : key.length === 1 ? key.toUpperCase() : key,
      )
      .join('+'),
  );
  return on.length > 0 ? on.join(' ') : undefined;
}
