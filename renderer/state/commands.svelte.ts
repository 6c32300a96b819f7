import { SvelteMap } from 'svelte/reactivity';
import type { MenuCommand } from '../../electron/contract/shell.ts';
import { isOn } from './keys.svelte.ts';

/** Something that can be done now: from the palette, and by its key. */
export interface Command {
  id: string;
  /** As a person reads it. */
  title: string;
  /** In tinykeys' words, such as `$mod+z` or `y`. Single letters don't count while somebody types. */
  keys?: string;
  run: () => void;
  /** Not shown in the palette, such as moving about in a list. */
  quiet?: boolean;
}

interface Registered extends Command {
  /** Belongs to the screen. */
  screen: boolean;
  /** Is about what is selected there. */
  picked: boolean;
}

const registered = new SvelteMap<string, Registered>();

/** Offers these commands as long as the component lives. To be called while a component starts. */
export function useCommands(commands: () => Command[], { screen = true, picked = false } = {}): void {
  $effect(() => {
    const mine = commands();
    for (const command of mine) registered.set(command.id, { ...command, screen, picked });
    return () => {
      for (const { id } of mine) registered.delete(id);
    };
  });
}

/** What can be done now, what belongs to the screen first. Keys that are switched off are left out. */
export function allCommands(): Registered[] {
  return [...registered.values()]
    .map(({ keys, ...command }) => (keys !== undefined && isOn(keys) ? { ...command, keys } : command))
    .toSorted((a, b) => Number(b.screen) - Number(a.screen));
}

/** Does what a menu of the desktop names. In a text field, undo and redo are the field's own. */
export function runFromMenu(id: MenuCommand): void {
  const field = typing(document.activeElement) && !document.activeElement?.matches('[data-untouched]');
  if ((id === 'undo' || id === 'redo') && field) document.execCommand(id);
  else registered.get(id)?.run();
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));

/** A dialog that was closed keeps its field for some frames: a key then is for what lies beneath. */
const isClosing = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest('[role=dialog][data-state=closed]') !== null;

/** Undo or redo in a field for a name in which nothing was typed: the field itself has nothing to undo. */
const isUntouched = ({ target, key }: KeyboardEvent) =>
  /^[zy]$/i.test(key) && target instanceof HTMLElement && target.matches('[data-untouched]');

/** Whether a key is meant for Kith and not for a text that somebody types or a dialog that is open. */
export function meantForCommands(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing) return false;
  const plain = !(event.ctrlKey || event.metaKey || event.altKey);
  if (typing(event.target) && !isClosing(event.target))
    return !plain && (!/^[zyacvx]$/i.test(event.key) || isUntouched(event));
  return !(
    plain && document.querySelector('[role=dialog][data-state=open], [role=menu][data-state=open]') !== null
  );
}
