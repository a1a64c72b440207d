/** A text as a picture that a phone reads. */
import { generate } from 'lean-qr';

/** The dark squares of a QR code, as the path of an SVG whose unit is one square. */
export interface QrCode {
  /** Squares along each side, without the margin. */
  size: number;
  path: string;
}

/** What a reader needs around the code, in squares (ISO/IEC 18004). */
export const QR_MARGIN = 4;

/** `null` where the text is too long for one. */
export function qrCode(text: string): QrCode | null {
  try {
    const bits = generate(text);
    const along = Array.from({ length: bits.size }, (_, i) => i);
    const squares = along.flatMap((y) => along.filter((x) => bits.get(x, y)).map((x) => `M${x} ${y}h1v1h-1z`));
    return { size: bits.size, path: squares.join('') };
  } catch {
    return null;
  }
}
