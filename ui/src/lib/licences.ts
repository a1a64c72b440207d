/** What the program is built from. A chunk of its own, fetched when somebody wants to read it. */
import rows from './licences.json';

export interface Licence {
  name: string;
  version: string;
  /** An SPDX expression. */
  spdx: string;
}

export const licences: Licence[] = rows.map(([name = '', version = '', spdx = '']) => ({ name, version, spdx }));
