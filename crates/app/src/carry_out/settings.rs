//! What is set, where things are kept, and what helps to find a mistake.

use gatepass_wire::{Answer, CopiedThing, Kept, Problem, Settings};

use super::copy_for;
use crate::convert::millis;
use crate::diagnostics::{self, Facts, System};
use crate::{App, problem};

pub(super) async fn change(app: &App, settings: Settings) -> Result<Answer, Problem> {
    app.change_settings(settings).await.map(|()| Answer::Done).map_err(|problem| *problem)
}

pub(super) async fn copy_place(app: &App, of: Kept) -> Result<Answer, Problem> {
    let place = app.places().into_iter().find(|place| place.what == of).ok_or_else(problem::nothing_to_copy)?;
    copy_for(app, None, CopiedThing::Place, &place.place, None).await
}

pub(super) async fn copy_diagnostics(app: &App, with_names: bool) -> Result<Answer, Problem> {
    let activity = app.activity().await;
    let present = app.changes().borrow().clone();
    let places = with_names.then(|| app.places());
    let text = diagnostics::report(&Facts {
        snapshot: &present.snapshot,
        activity: &activity,
        system: &System::of_this_one(),
        now: millis(app.clock().now()),
        names: places.as_deref(),
    });
    copy_for(app, None, CopiedThing::Diagnostics, &text, None).await
}
