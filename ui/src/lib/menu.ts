/** How the keyboard moves in a menu, as the ARIA practices describe it. */

/** Moves the focus among the items of a menu, or closes it. */
export function onMenuKey(event: KeyboardEvent, all: HTMLElement[], close: () => void): void {
  const from = all.findIndex((item) => item === document.activeElement);
  if (event.key === 'Escape') {
    event.preventDefault();
    close();
  } else if (event.key === 'Tab') {
    // The browser goes on from the button.
    close();
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    const to = (from + (event.key === 'ArrowDown' ? 1 : -1) + all.length) % all.length;
    all[to]?.focus();
  } else if (event.key === 'Home' || event.key === 'End') {
    event.preventDefault();
    all.at(event.key === 'Home' ? 0 : -1)?.focus();
  } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
    const begins = (item: HTMLElement) => item.textContent.trim().toLocaleLowerCase().startsWith(event.key.toLocaleLowerCase());
    [...all.slice(from + 1), ...all.slice(0, from + 1)].find(begins)?.focus();
  }
}
