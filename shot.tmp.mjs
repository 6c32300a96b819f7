import { chromium } from '@playwright/test';
const [,, address, ...steps] = process.argv;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const errors = [];
for (const scheme of ['light', 'dark']) {
  const page = await (await browser.newContext({ colorScheme: scheme, viewport: { width: 1280, height: 860 } })).newPage();
  page.on('console', (m) => { if (m.type() === 'error' || m.type() === 'warning') errors.push(m.text()); });
  page.on('pageerror', (e) => errors.push(String(e)));
  await page.goto(address);
  await page.waitForTimeout(2500);
  for (const step of steps) {
    const [name, hash, width] = step.split(',');
    await page.setViewportSize({ width: Number(width ?? 1280), height: 860 });
    await page.evaluate((h) => { location.hash = h; }, hash);
    await page.waitForTimeout(1200);
    await page.screenshot({ path: `/tmp/shots/${name}-${scheme}.png` });
  }
  await page.context().close();
}
console.log([...new Set(errors)].slice(0, 20).join('\n') || 'no errors');
await browser.close();
