// Visits every state in light, in dark and narrow, and has axe-core look at it. Fails on any finding.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { WINDOW, withWindow } from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const NARROW = { width: 320, height: 600 };

let nVisited = 0;
let nUnsure = 0;
const findings = [];

// The scheme changes colours alone, and the width where things stand.
const WAYS = [
  { scheme: 'light', size: WINDOW },
  { scheme: 'dark', size: WINDOW },
  { scheme: 'light', size: NARROW },
];

await withWindow(async ({ open, names }) => {
  for (const name of names) {
    for (const { scheme, size } of WAYS) {
      // As long as the whole page, since axe takes what is scrolled out of sight for unknown.
      const page = await open(name, { scheme, size: { ...size, height: 1400 } });
      // `evaluate` runs past the page's policy, which forbids adding a script.
      await page.evaluate(axe);
      const { violations, incomplete } = await page.evaluate(
        (tags) => window.axe.run(document, { runOnly: tags }),
        TAGS,
      );
      const where = `${name} (${scheme}, ${size.width} px)`;
      for (const { id, help, nodes } of violations) {
        findings.push(`${where}: ${id}: ${help}\n    ${nodes[0].html.slice(0, 160)}\n    ${nodes[0].failureSummary}`);
      }
      nUnsure += incomplete.length;
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (overflow > 0) findings.push(`${where}: ${overflow} px must be scrolled sideways`);
      nVisited += 1;
      await page.close();
    }
  }
});

for (const finding of findings) console.error(finding);
console.log(`axe looked at ${nVisited} pages: ${findings.length} findings, ${nUnsure} times unsure`);
process.exitCode = findings.length > 0 ? 1 : 0;
