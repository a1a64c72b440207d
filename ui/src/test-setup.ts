/** Tests read British English, whatever the machine speaks. */
import { speak } from './lib/words';

// The tests of the bundle have no page of their own.
if (typeof document !== 'undefined') speak('system', ['en-GB']);
