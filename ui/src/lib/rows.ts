/** Which rows of a long list are drawn: those that can be seen, and some beyond. Pure; lengths are in CSS pixels. */

/** Where each row begins, and behind the last one where the list ends. */
export function tops(heights: number[]): Float64Array {
  const tops = new Float64Array(heights.length + 1);
  heights.forEach((height, i) => (tops[i + 1] = (tops[i] ?? 0) + height));
  return tops;
}

/** The row at `y`: the first one above the list, the last one below it, -1 where there is none. */
export function rowAt(tops: Float64Array, y: number): number {
  let [low, high] = [0, tops.length - 2];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((tops[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return Math.min(low, tops.length - 2);
}

/** From the row `first` to before `end`. */
export interface Span {
  first: number;
  end: number;
}

/** The rows from `top` to `bottom`, and those that reach into `beyond` above and below. */
export function drawn(tops: Float64Array, top: number, bottom: number, beyond: number): Span {
  return { first: Math.max(0, rowAt(tops, top - beyond)), end: rowAt(tops, bottom + beyond) + 1 };
}

/** Where an arrow or its like leads from row `from` of `n`; undefined for any other key. `page` is how many rows are seen. */
export function rowByKey(key: string, from: number, n: number, page: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + page,
    PageUp: from - page,
    Home: 0,
    End: n - 1,
  };
  const to = Object.hasOwn(steps, key) ? steps[key] : undefined;
  return to === undefined ? undefined : Math.max(0, Math.min(n - 1, to));
}
