import { describe, expect, test } from 'vitest';
import { drawn, rowAt, rowByKey, tops } from './rows';

const LIST = tops([10, 20, 10, 60, 10]);

test('rows begin where those above end', () => {
  expect([...LIST]).toEqual([0, 10, 30, 40, 100, 110]);
  expect([...tops([])]).toEqual([0]);
});

test.each([
  [-5, 0],
  [0, 0],
  [9, 0],
  [10, 1],
  [39, 2],
  [99, 3],
  [100, 4],
  [500, 4],
])('at %d is row %d', (y, row) => expect(rowAt(LIST, y)).toBe(row));

test('an empty list has no row', () => {
  expect(rowAt(tops([]), 0)).toBe(-1);
  expect(drawn(tops([]), 0, 100, 50)).toEqual({ first: 0, end: 0 });
});

test('what is seen is drawn, and some beyond, however long the list is', () => {
  expect(drawn(LIST, 35, 45, 0)).toEqual({ first: 2, end: 4 });
  expect(drawn(LIST, 35, 45, 10)).toEqual({ first: 1, end: 4 });
  const long = tops(Array.from({ length: 5000 }, () => 36));
  const { first, end } = drawn(long, 90_000, 90_600, 360);
  expect([first, end]).toEqual([2490, 2527]);
});

describe('keys lead', () => {
  test.each([
    ['ArrowDown', 3, 4],
    ['ArrowUp', 0, 0],
    ['ArrowDown', 9, 9],
    ['PageDown', 3, 8],
    ['PageUp', 3, 0],
    ['Home', 7, 0],
    ['End', 0, 9],
    ['a', 3, undefined],
    ['constructor', 3, undefined],
  ])('%s from %d to %s', (key, from, to) => expect(rowByKey(key, from, 10, 5)).toBe(to));
});
