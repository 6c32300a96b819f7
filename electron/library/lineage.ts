import type { Row } from './journalled.ts';

/** Somebody, and one of their children. */
export interface Descent {
  parent: number;
  child: number;
}

/** What a row of `relations` says of a parent and a child; null where it is about partners or siblings. */
export function descentOf({ person_id: one, other_id: other, kind }: Row): Descent | null {
  if (kind === 'parent') return { parent: one as number, child: other as number };
  return kind === 'child' ? { parent: other as number, child: one as number } : null;
}

/**
 * The steps from a person down to one of their descendants, by the fewest generations; null where there is no such way.
 * Nobody may be a parent of somebody from whom a way leads down to them.
 */
export function lineage<D extends Descent>(all: readonly D[], from: number, to: number): D[] | null {
  const byParent = Map.groupBy(all, ({ parent }) => parent);
  const steps = new Map<number, D>();
  const open = [from];
  for (const person of open) {
    if (person === to) break;
    for (const step of byParent.get(person) ?? []) {
      if (step.child === from || steps.has(step.child)) continue;
      steps.set(step.child, step);
      open.push(step.child);
    }
  }
  const way: D[] = [];
  for (let at = to; at !== from; ) {
    const step = steps.get(at);
    if (step === undefined) return null;
    way.unshift(step);
    at = step.parent;
  }
  return way;
}
