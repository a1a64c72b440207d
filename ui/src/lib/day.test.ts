import { describe, expect, test } from 'vitest';
import { activityRows, hours, picture } from './day';
import { DAY, HOUR, MINUTE } from './time';
import type { ActivityEntry } from './wire/ActivityEntry';

const NOW = new Date(2026, 10, 20, 14, 0, 0).getTime();

/** Entries as they are told, newest first, at so many hours before now. */
function told(...oldestFirst: [hoursAgo: number, what: Omit<ActivityEntry, 'at'>][]): ActivityEntry[] {
  return oldestFirst.map(([ago, what]) => ({ at: NOW - ago * HOUR, ...what }) as ActivityEntry).reverse();
}

/** The hours before now at which intervals begin and end. */
const ago = (intervals: { from: number; to: number }[]) =>
  intervals.map(({ from, to }) => [(NOW - from) / HOUR, (NOW - to) / HOUR]);

const renewed = (hoursAgo: number): [number, Omit<ActivityEntry, 'at'>] => [
  hoursAgo,
  { what: 'renewed', expires_at: NOW - (hoursAgo - 1) * HOUR } as Omit<ActivityEntry, 'at'>,
];

describe('an access token lives', () => {
  test.each<[string, ActivityEntry[], number[][]]>([
    ['until the next one takes its place', told(renewed(3), renewed(2.5)), [[3, 2.5], [2.5, 1.5]]],
    ['until it ends, where none does', told(renewed(9), renewed(5)), [[9, 8], [5, 4]]],
    ['until the person signs out', told(renewed(3), [2.5, { what: 'signed-out' }]), [[3, 2.5]]],
    ['until the program is quit, and not over that', told(renewed(3), [2.8, { what: 'quit' }], [2.5, { what: 'restored' }]), [[3, 2.8]]],
    ['from the sign-in, for as long as is known', told([2, { what: 'signed-in' }], renewed(1.5)), [[2, 1.5], [1.5, 0.5]]],
    ['on after now', told(renewed(0.25)), [[0.25, -0.75]]],
    ['at no other time', told([2, { what: 'copied', thing: 'groups' } as Omit<ActivityEntry, 'at'>]), []],
  ])('%s', (_, entries, expected) => expect(ago(picture(entries, NOW).lives)).toEqual(expected));

  test('within the picture, whenever it began', () => {
    expect(ago(picture(told(renewed(24.5)), NOW).lives)).toEqual([[24, 23.5]]);
    expect(picture(told(renewed(26)), NOW).lives).toEqual([]);
  });
});

test('the computer sleeps until it wakes, or until the program started again, or still', () => {
  const asleep = { what: 'fell-asleep' } as const;
  expect(ago(picture(told([9, asleep], [7, { what: 'woke' }]), NOW).sleeps)).toEqual([[9, 7]]);
  expect(ago(picture(told([9, asleep], [6, { what: 'started' }]), NOW).sleeps)).toEqual([[9, 6]]);
  expect(ago(picture(told([1, asleep]), NOW).sleeps)).toEqual([[1, 0]]);
});

test('an empty day is told too', () => {
  expect(picture([], NOW).summary).toBe('The last 24 hours: no access token was valid and 0 renewals.');
});

test('what a newer resident tells and this window does not know is left out', () => {
  const entries = [{ at: NOW, what: 'teleported' } as unknown as ActivityEntry, ...told([1, { what: 'signed-in' }])];
  expect(activityRows(entries, NOW).map(({ what }) => what)).toEqual(['Signed in']);
  expect(() => picture(entries, NOW)).not.toThrow();
});

test('a sleep is told where it ended', () => {
  const [woke] = activityRows(told([9, { what: 'fell-asleep' }], [7, { what: 'woke' }]), NOW);
  expect(woke).toMatchObject({ what: 'The computer woke', when: '07:00:00', more: 'asleep for 2 h' });
});

describe('the hours beneath the picture', () => {
  const day = { from: NOW - DAY, to: NOW + HOUR };
  const read = (most: number) => hours(day, most).map((at) => new Date(at).getHours());
  test('are full ones, as many as there is room for', () => {
    expect(read(9)).toEqual([15, 18, 21, 0, 3, 6, 9, 12]);
    expect(read(4)).toEqual([16, 0, 8]);
    expect(read(0)).toEqual([0]);
  });
  test('keep clear of the edges', () => {
    const edge = (day.to - day.from) * 0.03;
    expect(hours(day, 25).every((at) => at - day.from >= edge && day.to - at >= edge)).toBe(true);
    expect(hours(day, 25).every((at) => at % MINUTE === 0)).toBe(true);
  });
});
