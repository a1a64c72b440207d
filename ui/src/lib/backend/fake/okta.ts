/** The commonest problems with Okta, as the resident tells them: a test of `crates/app` writes the file. */
import type { Problem } from '../../wire/Problem';
import problems from './okta-problems.json';

export const told = problems as unknown as Record<keyof typeof problems, Problem>;
