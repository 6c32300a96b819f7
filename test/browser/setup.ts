import { ensurePage } from '../../build/page.ts';

/** Before any test: the page as its sources are now. */
export default async function setup(): Promise<void> {
  await ensurePage(() => console.log('Building the page…'));
}
