import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startWebHost } from '../../electron/host/web/host.ts';
import { joinApp } from '../../electron/owner/join.ts';
import { startOwner } from '../../electron/owner/start.ts';

// The browser host in a process of its own, which says how long it was kept from answering.

/** What the process tells when it is asked, all in milliseconds. */
export interface Blocked {
  /** By the clock: what the system lets others do meanwhile counts as well. */
  p99: number;
  longest: number;
  /** Processor time between two looks a millisecond apart: no task of its own took longer. */
  longestOwn: number;
}

const app = await joinApp({ libraryFile: process.argv[2]! }, startOwner);
const host = await startWebHost(app);

const delay = monitorEventLoopDelay({ resolution: 1 });
let longestOwn = 0;
let used = 0;
const own = () => {
  const { user, system } = process.threadCpuUsage();
  longestOwn = Math.max(longestOwn, (user + system - used) / 1000);
  used = user + system;
};

process.on('message', async (message) => {
  if (message === 'begin') {
    own();
    longestOwn = 0;
    delay.enable();
    setInterval(own, 1);
    process.send!('begun');
  } else {
    const [p99, longest] = [delay.percentile(99) / 1e6, delay.max / 1e6];
    process.send!({ p99, longest, longestOwn } satisfies Blocked);
    await host.close();
    await app.close();
    process.exit();
  }
});
process.send!(host.address);
