#!/bin/sh
# Renders the icons that the program and its packages carry from the drawings beside this script.
# The results are committed, so that a build needs none of these tools: rsvg-convert, ImageMagick, python3.
set -eu
cd "$(dirname "$0")"

app() { rsvg-convert --width "$1" --height "$1" gatepass.svg --output "$2"; }

app 32 32x32.png
app 128 128x128.png
app 256 128x128@2x.png

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for size in 16 32 48 64 256 512 1024; do app "$size" "$scratch/$size.png"; done
convert "$scratch/16.png" "$scratch/32.png" "$scratch/48.png" "$scratch/64.png" "$scratch/256.png" icon.ico

# An .icns file is a list of PNG files, each with a four-letter name for its size and its length in bytes.
python3 - "$scratch" <<'PY'
import struct, sys

parts = b""
for name, size in (("ic11", 32), ("ic12", 64), ("ic08", 256), ("ic09", 512), ("ic10", 1024)):
    with open(f"{sys.argv[1]}/{size}.png", "rb") as png:
        picture = png.read()
    parts += name.encode() + struct.pack(">I", len(picture) + 8) + picture
with open("icon.icns", "wb") as icns:
    icns.write(b"icns" + struct.pack(">I", len(parts) + 8) + parts)
PY

# Twice the 22 pixels of a tray: hosts scale down by two where the screen is not a dense one.
tray() { rsvg-convert --width 44 --height 44 --output "$1"; }

# Each state once more with a dotted gate, the mark for a session that is in memory alone.
gate='stroke-width="2" stroke-linecap="round"/>'
dotted='stroke-width="2.2" stroke-linecap="round" stroke-dasharray="0.1 3.62"/>'
for drawing in tray-*.svg; do
  tray "${drawing%.svg}.png" <"$drawing"
  sed "s|$gate|$dotted|" "$drawing" | tray "${drawing%.svg}-until-quit.png"
done
