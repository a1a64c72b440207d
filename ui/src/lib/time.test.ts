import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND, clock, countdown, day, exactInstant, instant, remaining, shortSpan, span } from './time';

const NOON = new Date(2026, 10, 20, 12, 0, 0).getTime();

test('what remains is zero exactly when the instant has come, and never negative', () => {
  expect(remaining(NOON + 1, NOON)).toBe(SECOND);
  expect(remaining(NOON, NOON)).toBe(0);
  expect(remaining(NOON, NOON + HOUR)).toBe(0);
});

describe('a running clock', () => {
  test.each([
    [0, '0:00'],
    [9 * SECOND, '0:09'],
    [MINUTE, '1:00'],
    [42 * MINUTE + 10 * SECOND, '42:10'],
    [HOUR, '1:00:00'],
    [5 * HOUR + 12 * MINUTE + 4 * SECOND, '5:12:04'],
    [DAY, '1 d'],
    [3 * DAY + 4 * HOUR + 59 * MINUTE, '3 d 4 h'],
  ])('%d ms read %s', (of, text) => expect(countdown(of)).toBe(text));
});

describe('a span in a sentence', () => {
  test.each([
    [35 * SECOND, '35 s'],
    [42 * MINUTE + 59 * SECOND, '42 min'],
    [HOUR, '1 h'],
    [90 * MINUTE, '1 h 30 min'],
    [24 * HOUR, '24 h'],
    [76 * HOUR, '3 d 4 h'],
  ])('%d ms read %s', (of, text) => expect(span(of)).toBe(text));
});

describe('a span where there is little room', () => {
  test.each([
    [35 * SECOND, '35 s'],
    [42 * MINUTE, '42 m'],
    [5 * HOUR + 59 * MINUTE, '5 h'],
    [3 * DAY, '3 d'],
  ])('%d ms read %s', (of, text) => expect(shortSpan(of)).toBe(text));
});

describe('an instant', () => {
  test.each([
    [NOON + 2 * HOUR + 32 * MINUTE, '14:32', 'Today 14:32'],
    [NOON + DAY, 'tomorrow 12:00', 'Tomorrow 12:00'],
    [NOON - DAY, 'yesterday 12:00', 'Yesterday 12:00'],
    [NOON + 7 * DAY, '27 Nov, 12:00', '27 Nov, 12:00'],
    [new Date(2027, 0, 2, 9, 5).getTime(), '2 Jan 2027, 09:05', '2 Jan 2027, 09:05'],
  ])('%d reads %s in a sentence and %s alone', (at, inSentence, alone) => {
    expect(clock(at, NOON)).toBe(inSentence);
    expect(instant(at, NOON)).toBe(alone);
  });

  test('is told to the second where that is asked for', () => {
    expect(exactInstant(NOON - DAY + 7 * SECOND, NOON)).toBe('Yesterday 12:00:07');
  });

  test.each([
    [NOON - HOUR, 'today'],
    [NOON - DAY, 'yesterday'],
    [NOON - 3 * DAY, 'Tuesday'],
    [NOON - 7 * DAY, '13 Nov'],
    [NOON + 3 * DAY, '23 Nov'],
  ])('%d is on %s', (at, text) => expect(day(at, NOON)).toBe(text));

  test('that no calendar knows is shown as the number it is', () => {
    expect(instant(1e300, NOON)).toContain('1e+300');
  });
});
