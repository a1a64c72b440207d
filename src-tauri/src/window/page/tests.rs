//! Whoever watches is told the present first.

use std::sync::mpsc;

use super::*;

fn channel() -> (Channel<Told>, mpsc::Receiver<serde_json::Value>) {
    let (to, from) = mpsc::channel();
    let channel = Channel::new(move |body| {
        to.send(body.deserialize().expect("JSON")).expect("the test listens");
        Ok(())
    });
    (channel, from)
}

fn change(revision: u64) -> Told {
    let snapshot = crate::samples::snapshot(Vec::new());
    Told::Change { change: Arc::new(Change { revision, cause: gatepass_wire::Cause::Present, snapshot }) }
}

#[test]
fn a_page_that_comes_late_is_told_the_present_and_no_past() {
    let page = Page::default();
    page.tell(change(1));
    page.tell(change(2));
    let (channel, told) = channel();
    page.listens(channel);
    let told: Vec<_> = told.try_iter().collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["told"], "change");
    assert_eq!(told[0]["change"]["revision"], 2);
}

#[test]
fn a_page_that_is_loaded_again_takes_the_place_of_the_old_one() {
    let page = Page::default();
    let (old, told_old) = channel();
    let (new, told_new) = channel();
    page.listens(old);
    page.listens(new);
    page.tell(Told::ResidentGone);
    assert_eq!(told_old.try_iter().count(), 0);
    assert_eq!(told_new.try_iter().collect::<Vec<_>>(), [serde_json::json!({ "told": "resident-gone" })]);
}

#[test]
fn a_trouble_that_lasts_is_told_once() {
    let page = Page::default();
    let (channel, told) = channel();
    page.listens(channel);
    let trouble = || Told::Trouble { problem: crate::samples::problem() };
    page.tell(trouble());
    page.tell(trouble());
    page.tell(change(1));
    page.tell(trouble());
    let told: Vec<_> = told.try_iter().map(|told| told["told"].clone()).collect();
    assert_eq!(told, ["trouble", "change", "trouble"]);
}
