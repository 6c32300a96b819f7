import { readdir, readFile } from 'node:fs/promises';

const PAGE = 4096;
const EVERY_MS = 50;

/**
 * Watches how much memory a process and all that it started hold together, until `stop`.
 * Resident sets are summed: pages that two of them share count twice, so that the figure is never too low.
 * @returns the peak in bytes; null where there is no /proc (other systems than Linux).
 */
export function watchMemory(root: number): { stop: () => Promise<number | null> } {
  let peak: number | null = null;
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const now = await treeMemory(root).catch(() => null);
      if (now !== null) peak = Math.max(peak ?? 0, now);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await watching;
      return peak;
    },
  };
}

async function treeMemory(root: number): Promise<number> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = new Map<number, number>();
  for (const id of ids) {
    const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
    // The name stands in parentheses and may hold anything; the parent is the second field after it.
    const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    if (parent !== undefined) parents.set(Number(id), Number(parent));
  }
  const tree = [...parents.keys()].filter((id) => descends(id, root, parents));
  const sizes = tree.map(async (id) => {
    const [, resident = '0'] = (await readFile(`/proc/${id}/statm`, 'utf8').catch(() => '')).split(' ');
    return Number(resident) * PAGE;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function descends(id: number, root: number, parents: Map<number, number>): boolean {
  for (let at: number | undefined = id; at !== undefined && at > 1; at = parents.get(at)) {
    if (at === root) return true;
  }
  return false;
}
