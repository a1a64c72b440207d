/** Numbers, plurals, lists and days as a locale writes them. Pure: no word of ours is here. */

/** The forms that a language has for counted things; the others are never asked for in the languages that we have. */
export interface Forms {
  one: string;
  other: string;
}

export type Formats = ReturnType<typeof formats>;

/** `locale` is a language with or without a region: `en-GB`, `de`. */
export function formats(locale: string) {
  const numbers = new Intl.NumberFormat(locale);
  const percents = new Intl.NumberFormat(locale, { style: 'percent' });
  const plurals = new Intl.PluralRules(locale);
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  // The clock of 24 hours everywhere: the countdowns and the tray have no other.
  const dates = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { ...options, hourCycle: 'h23' });
    return (at: Date) => format.format(at);
  };
  const number = (n: number) => numbers.format(n);
  return {
    locale,
    number,
    /** `0.39` is `39%`. */
    percent: (fraction: number) => percents.format(fraction),
    /** The number with what is counted, in the right form. */
    count: (n: number, forms: Forms) => `${number(n)} ${plurals.select(n) === 'one' ? forms.one : forms.other}`,
    list: (items: string[]) => lists.format(items),
    timeOfDay: dates({ hour: '2-digit', minute: '2-digit' }),
    timeToTheSecond: dates({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    weekday: dates({ weekday: 'long' }),
    day: dates({ day: 'numeric', month: 'short' }),
    dayOfYear: dates({ day: 'numeric', month: 'short', year: 'numeric' }),
  };
}
