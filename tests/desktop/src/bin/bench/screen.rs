//! What is to be seen on the screen and pasted from the clipboard, by asking the X server: the same way for every
//! program, whatever it is made of.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use gatepass_desktop_tests::PATIENCE;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xfixes::{ConnectionExt as _, SelectionEventMask};
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, ImageFormat, Window,
    WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::{COPY_DEPTH_FROM_PARENT, CURRENT_TIME, NONE};

/// A window with more colours than this has text on it: its smoothed edges alone are dozens of shades.
const A_HANDFUL: usize = 16;
/// How often is looked whether a window is painted. What is measured takes a hundred times as long.
const BETWEEN_LOOKS: Duration = Duration::from_millis(3);
/// How often is asked whether something came from the X server.
const BETWEEN_EVENTS: Duration = Duration::from_micros(100);

/// Blue, green, red: the order in which the X server sends them.
pub type Colour = [u8; 3];

/// A connection to the X server.
pub struct Screen {
    x: RustConnection,
    root: Window,
    /// Never shown; it is who pastes.
    paster: Window,
    client_list: Atom,
    close_window: Atom,
    clipboard: Atom,
    utf8_string: Atom,
    pasted: Atom,
}

impl Screen {
    /// Connects.
    pub fn open() -> anyhow::Result<Self> {
        let (x, number) = x11rb::connect(None).context("no display")?;
        let screen = &x.setup().roots[number];
        let (root, visual) = (screen.root, screen.root_visual);
        let paster = x.generate_id()?;
        x.create_window(
            COPY_DEPTH_FROM_PARENT,
            paster,
            root,
            0,
            0,
            1,
            1,
            0,
            WindowClass::INPUT_OUTPUT,
            visual,
            &CreateWindowAux::new(),
        )?;
        let atom = |name: &str| anyhow::Ok(x.intern_atom(false, name.as_bytes())?.reply()?.atom);
        let (client_list, close_window) = (atom("_NET_CLIENT_LIST")?, atom("_NET_CLOSE_WINDOW")?);
        let (clipboard, utf8_string, pasted) = (atom("CLIPBOARD")?, atom("UTF8_STRING")?, atom("BENCH_PASTED")?);
        x.xfixes_query_version(5, 0)?.reply()?;
        x.xfixes_select_selection_input(paster, clipboard, SelectionEventMask::SET_SELECTION_OWNER)?;
        x.flush()?;
        Ok(Self { x, root, paster, client_list, close_window, clipboard, utf8_string, pasted })
    }

    /// Waits until some window has text on it.
    pub fn painted(&self) -> anyhow::Result<()> {
        self.seen("painted", has_more_than_a_handful_of_colours)
    }

    /// Waits until some window has this colour in it.
    pub fn shows(&self, colour: Colour) -> anyhow::Result<()> {
        self.seen("drawn", |pixels| pixels.chunks_exact(4).any(|pixel| pixel[..3] == colour))
    }

    fn seen(&self, what: &str, is_it: impl Fn(&[u8]) -> bool) -> anyhow::Result<()> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            for window in self.windows()? {
                // It may be gone again, or not be on the screen yet.
                if self.pixels(window).is_ok_and(|pixels| is_it(&pixels)) {
                    return Ok(());
                }
            }
            std::thread::sleep(BETWEEN_LOOKS);
        }
        bail!("no window was {what} within {} s", PATIENCE.as_secs())
    }

    /// Asks every window to close, as the button in its frame does.
    pub fn close_windows(&self) -> anyhow::Result<()> {
        for window in self.windows()? {
            let ask = ClientMessageEvent::new(32, window, self.close_window, [CURRENT_TIME, 2, 0, 0, 0]);
            let to = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
            self.x.send_event(false, self.root, to, ask)?;
        }
        Ok(self.x.flush()?)
    }

    /// Does `act`, and waits until what it copies can be pasted: how long that took since `act` began, and what it is.
    pub fn copied<T>(&self, act: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<(Duration, String, T)> {
        while self.x.poll_for_event()?.is_some() {}
        let began = Instant::now();
        let acted = act()?;
        self.event(|event| matches!(event, Event::XfixesSelectionNotify(event) if event.owner != NONE))?;
        self.x.convert_selection(self.paster, self.clipboard, self.utf8_string, self.pasted, CURRENT_TIME)?;
        self.x.flush()?;
        self.event(|event| matches!(event, Event::SelectionNotify(event) if event.property == self.pasted))?;
        let text = self.property(self.paster, self.pasted)?;
        Ok((began.elapsed(), String::from_utf8(text)?, acted))
    }

    fn event(&self, wanted: impl Fn(&Event) -> bool) -> anyhow::Result<()> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            match self.x.poll_for_event()? {
                Some(event) if wanted(&event) => return Ok(()),
                Some(_) => {}
                None => std::thread::sleep(BETWEEN_EVENTS),
            }
        }
        bail!("nothing was copied within {} s", PATIENCE.as_secs())
    }

    /// The windows that the window manager knows.
    fn windows(&self) -> anyhow::Result<Vec<Window>> {
        let list = self.x.get_property(false, self.root, self.client_list, AtomEnum::WINDOW, 0, 1024)?.reply()?;
        Ok(list.value32().map(Iterator::collect).unwrap_or_default())
    }

    /// What is in the window, four bytes a pixel.
    fn pixels(&self, window: Window) -> anyhow::Result<Vec<u8>> {
        let size = self.x.get_geometry(window)?.reply()?;
        let image = self.x.get_image(ImageFormat::Z_PIXMAP, window, 0, 0, size.width, size.height, !0)?.reply()?;
        ensure!(image.depth >= 24, "a display of {} bits", image.depth);
        Ok(image.data)
    }

    fn property(&self, window: Window, name: Atom) -> anyhow::Result<Vec<u8>> {
        Ok(self.x.get_property(true, window, name, AtomEnum::ANY, 0, u32::MAX / 4)?.reply()?.value)
    }
}

fn has_more_than_a_handful_of_colours(pixels: &[u8]) -> bool {
    let mut colours = HashSet::new();
    let mut last = None;
    for pixel in pixels.chunks_exact(4) {
        if last != Some(pixel) {
            colours.insert(pixel);
            last = Some(pixel);
        }
        if colours.len() > A_HANDFUL {
            return true;
        }
    }
    false
}
