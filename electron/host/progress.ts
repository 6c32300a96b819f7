import { SingleBar } from 'cli-progress';
import { shown } from './paths.ts';

/** The part of the service's progress that a bar shows. */
export interface Progress {
  done: number;
  total: number;
  /** Per second. */
  rate: number;
  /** Seconds; null while it can't be told. */
  remaining: number | null;
  path?: string | null;
  /** What was found so far, in words. */
  found?: string;
}

export interface ProgressLine {
  show(progress: Progress): void;
  /** Wipes the bar, so that what is said next stands on a line of its own. */
  clear(): void;
}

/** A bar with rate and remaining time on a terminal; nothing at all in a pipe or a file. */
export function progressLine(unit: string, stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  let bar: SingleBar | null = null;
  return {
    show(progress) {
      if (bar === null) {
        bar = new SingleBar({
          format: `{bar} {value}/{total} ${unit}  {found}{rate}  {left}  {path}`,
          barCompleteChar: '█',
          barIncompleteChar: '░',
          barsize: 24,
          stream,
          hideCursor: true,
          clearOnComplete: true,
          // Kith handles the signal itself: see interrupt.ts.
          gracefulExit: false,
        });
        bar.start(progress.total, 0, tokens(progress));
      }
      bar.setTotal(progress.total);
      bar.update(progress.done, tokens(progress));
    },
    clear() {
      bar?.stop();
      bar = null;
    },
  };
}

function tokens({ rate, remaining, path, found }: Progress): Record<string, string> {
  return {
    rate: rate > 0 ? `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s` : '',
    left: remaining === null ? '' : `${duration(remaining)} left`,
    found: found ? `${found}  ` : '',
    path: path ? cut(shown(path), 32) : '',
  };
}

/** Seconds as people say them: `45 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

function cut(text: string, length: number): string {
  const letters = [...text];
  return letters.length <= length ? text : `…${letters.slice(1 - length).join('')}`;
}
