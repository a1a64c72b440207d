import { expect, test } from 'vitest';
import { qrCode } from './qr';

const ADDRESS = 'https://acme.okta.com/activate?user_code=KHDWBTSQ';

/** Rows of squares, from the path alone. */
function drawn(text: string): string[] {
  const code = qrCode(text);
  if (!code) throw new Error('there is a code');
  const dark = new Set([...code.path.matchAll(/M(\d+ \d+)h1v1h-1z/g)].map(([, at]) => at));
  const along = Array.from({ length: code.size }, (_, i) => i);
  return along.map((y) => along.map((x) => (dark.has(`${x} ${y}`) ? '#' : '.')).join(''));
}

test('an address is a QR code, with the three patterns that a reader looks for', () => {
  const rows = drawn(ADDRESS);
  const FINDER = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######'];
  expect(rows.slice(0, 7).map((row) => row.slice(0, 7))).toEqual(FINDER);
  expect(rows.slice(0, 7).map((row) => row.slice(-7))).toEqual(FINDER);
  expect(rows.slice(-7).map((row) => row.slice(0, 7))).toEqual(FINDER);
});

test('another address is another code', () => {
  expect(drawn(ADDRESS)).not.toEqual(drawn(ADDRESS.replace('KHDW', 'KHDX')));
});

test('what is too long for a code has none', () => {
  expect(qrCode('x'.repeat(5000))).toBeNull();
});
