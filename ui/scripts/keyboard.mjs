// The whole journey by keyboard alone, against the fake: from the first run to signed in and copied, every stop with its
// focus to be seen; then down a list of thousands.
import assert from 'node:assert/strict';
import { withWindow } from './browser.mjs';

const PATIENCE = 60;

// Slowly enough that each step of the sign-in can be seen and used on a busy machine.
await withWindow(async ({ open }) => {
  const page = await open('first-run', { isClockFixed: false, pace: 3 });

  /** What has the focus, by its name. */
  const focused = () =>
    page.evaluate(() => {
      const one = document.activeElement;
      const label = one?.labels?.[0]?.textContent;
      const outline = one && getComputedStyle(one.matches('.visually-hidden') ? one.closest('fieldset') : one);
      return {
        name: (one?.getAttribute('aria-label') ?? label ?? one?.textContent ?? '').replace(/\s+/g, ' ').trim(),
        isSeen: outline ? outline.outlineStyle !== 'none' && parseFloat(outline.outlineWidth) >= 2 : false,
        isHeading: one?.tagName === 'H1',
      };
    });

  async function go(key, to) {
    for (let i = 0; i < PATIENCE; i += 1) {
      const { name, isSeen, isHeading } = await focused();
      if (name.startsWith(to)) {
        assert.ok(isSeen || isHeading, `the focus on “${name}” cannot be seen`);
        return;
      }
      await page.keyboard.press(key);
    }
    throw new Error(`the keyboard does not lead to “${to}”; it is on “${(await focused()).name}”`);
  }
  const tabTo = (to) => go('Tab', to);
  const text = (what) => page.getByText(what).first().waitFor();

  // The form begins where the typing does.
  assert.equal((await focused()).name, 'Issuer');
  await page.keyboard.type('https://acme.okta.com/oauth2/aus4kd81');
  await tabTo('Client ID');
  await page.keyboard.type('0oa9x2c71kQ');
  await text('You will sign in at');
  await tabTo('Save and sign in');
  await page.keyboard.press('Enter');

  await text('Finish signing in in your browser');
  assert.ok((await focused()).isHeading, 'the heading takes the focus when the form is gone');
  await tabTo('Copy link');
  await page.keyboard.press('Enter');
  await text('Robin Calder');

  await tabTo('Copy access token');
  await page.keyboard.press('Space');
  await text('clipboard cleared in');

  await tabTo('Other ways to copy');
  await page.keyboard.press('ArrowDown');
  assert.match((await focused()).name, /^Access token/);
  await go('ArrowDown', 'curl line');
  await page.keyboard.press('Enter');
  await text('Copied as curl line');
  assert.equal((await focused()).name, 'Other ways to copy');

  await tabTo('Groups');
  await tabTo('Filter 37 groups');
  await page.keyboard.type('oncall-primary');
  assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), '1');
  await tabTo('Copy oncall-primary');
  await go('Shift+Tab', 'Groups');
  await page.keyboard.press('ArrowRight');
  await text('✓ verified');
  await tabTo('Access');
  await page.keyboard.press('ArrowRight');
  await text('ties the token to this sign-in');

  await go('Shift+Tab', 'Tokens');
  await page.keyboard.press('ArrowRight');
  await text('The computer woke');
  await tabTo('Show');
  await page.keyboard.press('Enter');
  await text('Gatepass started');

  await go('Shift+Tab', '+Add a profile');
  await page.keyboard.press('Enter');
  assert.equal((await focused()).name, 'Issuer');
  await tabTo('Cancel');
  await page.keyboard.press('Enter');
  await text('Robin Calder');

  await tabTo('Settings');
  await page.keyboard.press('Enter');
  await text('Start when you sign in');
  await tabTo('Start when you sign in');
  await page.keyboard.press('Space');
  await text('✓ Saved');
  await tabTo('System');
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'light');
  await go('Shift+Tab', 'Settings');
  await page.keyboard.press('ArrowRight');
  await tabTo('Copy diagnostics');
  await page.keyboard.press('Enter');
  await text('Diagnostics copied');
  await tabTo('Licences of what it is built from');
  await page.keyboard.press('Enter');
  await text('zeroize');
  await page.close();

  // Thousands of groups: arrows and their like lead to every one, and the focus is never lost on the way, though only
  // those that can be seen are in the page. Narrowing them stays quick.
  const many = await open('most-groups', { isClockFixed: false });
  const rows = many.getByRole('row');
  const active = () => many.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
  await many.locator('[role=grid] [tabindex="0"]').focus();
  for (const [key, name] of [['End', /-4999$/], ['PageUp', /^Copy /], ['Home', /platform-engineers$/], ['ArrowDown', /data-readers$/]]) {
    await many.keyboard.press(key);
    assert.match(await active(), name, key);
    assert.ok((await rows.count()) < 80, `${await rows.count()} rows are in the page after ${key}`);
    await many.waitForFunction(() => {
      const { top, bottom } = document.activeElement.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });
  }
  // Scrolled away by the wheel, the row keeps the focus.
  await many.mouse.move(600, 400);
  await many.mouse.wheel(0, 60_000);
  await many.waitForFunction(() =>
    [...document.querySelectorAll('[role=row]')].some((row) => Number(row.getAttribute('aria-rowindex')) > 1000),
  );
  assert.match(await active(), /data-readers$/);
  // What is seen is filled with rows, without a gap.
  const gap = await many.evaluate(() => {
    const boxes = [...document.querySelectorAll('[role=row]:not(.away)')].map((row) => row.getBoundingClientRect());
    const seen = boxes.filter(({ top, bottom }) => bottom > 300 && top < innerHeight);
    return { top: seen[0].top, bottom: seen.at(-1).bottom, height: innerHeight };
  });
  assert.ok(gap.top <= 300 && gap.bottom >= gap.height, JSON.stringify(gap));
  await many.getByRole('searchbox').focus();
  const slowest = await many.evaluate(async () => {
    const input = document.activeElement;
    const times = [];
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    for (const text of ['o', 'on', 'onc', 'on', 'o', '']) {
      const before = performance.now();
      input.value = text;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      await frame();
      times.push(performance.now() - before);
    }
    return Math.max(...times);
  });
  console.log(`narrowing 5,000 groups took at most ${Math.round(slowest)} ms from key to picture`);
});

console.log('the whole journey works by keyboard');
