//! The picture: Wednesday, minute by minute, one panel for each schedule, on one scale.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use resvg::{tiny_skia, usvg};

use crate::record::{Minute, Record};
use crate::scenario::{HOUR, LUNCH_ENDS, MINUTE, OUTAGE, WEDNESDAY};

const FROM: i64 = 8 * HOUR;
const TO: i64 = 18 * HOUR;
const WIDTH: f64 = 1000.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 62.0;
const PANEL: f64 = 118.0;
const GAP: f64 = 44.0;
/// Requests a second at the top of a panel, as a multiple of the limit. What is higher is cut off, and told.
const HIGHEST: f64 = 2.0;

/// Colours are chosen to be told apart without seeing colour too: each is darker than the next. The picture brings its own
/// background, and follows the reader's system into the dark where it is shown as SVG.
const STYLE: &str = "
.page { fill: #ffffff } .text { fill: #1f2328 } .faint { fill: #59636e } .grid { stroke: #d1d9e0 }
.granted { fill: #0969da } .refused { fill: #fb8f44 } .failed { fill: #c5cdd6 } .band { fill: #eef1f4 }
.limit { stroke: #1f2328 }
text { font-family: 'DejaVu Sans', 'Segoe UI', Helvetica, sans-serif; font-size: 12px }
.title { font-size: 17px; font-weight: bold } .name { font-size: 13px; font-weight: bold }
@media (prefers-color-scheme: dark) {
.page { fill: #0d1117 } .text { fill: #f0f6fc } .faint { fill: #9198a1 } .grid { stroke: #3d444d }
.granted { fill: #4493f8 } .refused { fill: #db6d28 } .failed { fill: #545d68 } .band { fill: #1a212b }
.limit { stroke: #f0f6fc }
}";

/// One panel.
pub struct Panel<'a> {
    pub name: &'a str,
    pub record: &'a Record,
}

/// The picture as SVG.
pub fn svg(title: &str, panels: &[Panel<'_>]) -> String {
    let height = TOP + panels.len() as f64 * (PANEL + GAP) + 26.0;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\" aria-label=\"{title}\">\n<style>{STYLE}\n</style>\n\
         <rect class=\"page\" width=\"{WIDTH}\" height=\"{height}\"/>\n\
         <text class=\"text title\" x=\"{LEFT}\" y=\"30\">{title}</text>\n"
    );
    let mut x = LEFT;
    for (class, label, width) in [
        ("granted", "answered", 90.0),
        ("refused", "refused: over the limit", 172.0),
        ("failed", "no answer, or 503", 140.0),
    ] {
        let _ = writeln!(
            out,
            "<rect class=\"{class}\" x=\"{x}\" y=\"41\" width=\"11\" height=\"11\"/>\
             <text class=\"faint\" x=\"{}\" y=\"51\">{label}</text>",
            x + 16.0
        );
        x += width;
    }
    let _ = writeln!(
        out,
        "<path class=\"limit\" stroke-dasharray=\"5 4\" stroke-width=\"1.5\" d=\"M{x} 46.5h26\"/>\
         <text class=\"faint\" x=\"{}\" y=\"51\">the org's limit</text>",
        x + 32.0
    );
    for (n, panel) in panels.iter().enumerate() {
        draw_panel(&mut out, panel, TOP + GAP - 14.0 + n as f64 * (PANEL + GAP));
    }
    out.push_str("</svg>\n");
    out
}

/// Draws the SVG as PNG, at twice its size.
pub fn write_png(svg: &str, path: &Path) -> anyhow::Result<()> {
    let mut options = usvg::Options::default();
    options.fontdb_mut().load_system_fonts();
    let tree = usvg::Tree::from_str(svg, &options)?;
    let size = tree.size().to_int_size().scale_by(2.0).context("the picture has no size")?;
    let mut pixels = tiny_skia::Pixmap::new(size.width(), size.height()).context("the picture is too large")?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(2.0, 2.0), &mut pixels.as_mut());
    pixels.save_png(path).with_context(|| path.display().to_string())
}

fn draw_panel(out: &mut String, panel: &Panel<'_>, top: f64) {
    let Panel { name, record } = panel;
    let limit = f64::from(record.limit);
    let bottom = top + PANEL;
    let y = |requests: f64| bottom - PANEL * (requests / limit / HIGHEST).min(1.0);
    for (band, label) in [(OUTAGE.start - WEDNESDAY..OUTAGE.end - WEDNESDAY, "outage"), (LUNCH_ENDS, "lids open")] {
        let (from, to) = (x_of(band.start), x_of(band.end));
        let _ = writeln!(
            out,
            "<rect class=\"band\" x=\"{from:.1}\" y=\"{top}\" width=\"{:.1}\" height=\"{PANEL}\"/>\
             <text class=\"faint\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>",
            to - from,
            (from + to) / 2.0,
            bottom + 14.0,
        );
    }
    let first = usize::try_from((WEDNESDAY + FROM) / MINUTE).unwrap_or(0);
    let last = usize::try_from((WEDNESDAY + TO) / MINUTE).unwrap_or(0);
    let minutes = &record.minutes[first..last];
    let granted = |minute: &Minute| f64::from(minute.granted);
    let answered = |minute: &Minute| f64::from(minute.granted + minute.refused);
    let all = |minute: &Minute| f64::from(minute.all());
    // The highest first: each covers what is below it.
    for (class, value) in [("failed", &all as &dyn Fn(&Minute) -> f64), ("refused", &answered), ("granted", &granted)] {
        let mut path = format!("M{LEFT} {bottom}");
        for (n, minute) in minutes.iter().enumerate() {
            let _ = write!(path, "V{:.1}H{:.1}", y(value(minute)), x_of(FROM + (n as i64 + 1) * MINUTE));
        }
        let _ = writeln!(out, "<path class=\"{class}\" d=\"{path}V{bottom}Z\"/>");
    }
    let right = WIDTH - RIGHT;
    let _ = writeln!(
        out,
        "<path class=\"grid\" d=\"M{LEFT} {bottom}H{right}\"/>\
         <path class=\"limit\" stroke-dasharray=\"5 4\" stroke-width=\"1.5\" d=\"M{LEFT} {0:.1}H{right}\"/>\
         <text class=\"faint\" x=\"{1}\" y=\"{2:.1}\" text-anchor=\"end\">{3:.0}/s</text>\
         <text class=\"text name\" x=\"{LEFT}\" y=\"{4}\">{name}</text>",
        y(limit),
        LEFT - 6.0,
        y(limit) + 4.0,
        limit / 60.0,
        top - 7.0,
    );
    let highest = minutes.iter().map(|minute| minute.all()).max().unwrap_or(0);
    let refused_share = record.refused_at_worst_during(|at| (WEDNESDAY..WEDNESDAY + 24 * HOUR).contains(&at));
    let mut note = format!(
        "up to {:.0} a second; of the worst ten minutes, {:.0} % refused",
        f64::from(highest) / 60.0,
        refused_share * 100.0
    );
    if f64::from(highest) > limit * HIGHEST {
        note.push_str(" (cut off)");
    }
    let _ = writeln!(out, "<text class=\"faint\" x=\"{right}\" y=\"{}\" text-anchor=\"end\">{note}</text>", top - 7.0);
    for hour in (FROM / HOUR..=TO / HOUR).filter(|hour| ![11, 13].contains(hour)) {
        let _ = writeln!(
            out,
            "<text class=\"faint\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{hour}:00</text>",
            x_of(hour * HOUR),
            bottom + 14.0
        );
    }
}

fn x_of(time: i64) -> f64 {
    LEFT + (time - FROM) as f64 / (TO - FROM) as f64 * (WIDTH - LEFT - RIGHT)
}
