//! Settings: changed by a person in the window or by hand in the file, and what follows from it at once.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use gatepass_agent::Wrong;
use gatepass_wire::{Kept, KeptAt, Problem, Settings};
use tokio::sync::oneshot;

use super::{App, ShellRequest, answered};
use crate::settings::NotASetting;
use crate::text::people_text;
use crate::words::Phrase;
use crate::{browser, problem, settings, vault};

/// How long a change waits for the disk.
const TIME_FOR_THE_DISK: Duration = Duration::from_secs(5);

/// The longest path that is shown.
const MAX_PLACE: usize = 4_096;

impl App {
    /// What the person has set.
    pub fn settings(&self) -> Settings {
        self.inner.settings.now()
    }

    /// Takes in what the system says about starting this program when the person signs in. It wins over the file.
    pub fn set_starts_at_sign_in(&self, starts: bool) {
        self.inner.settings.starts_at_sign_in(starts);
    }

    /// Looks, on a thread that may wait for the disk, whether the settings were edited by hand.
    pub(crate) fn look_at_settings(&self) {
        // On a disk that hangs, looks would pile up, and everything else that blocks behind them.
        if self.inner.is_looking_at_settings.swap(true, Ordering::AcqRel) {
            return;
        }
        let app = self.clone();
        drop(tokio::task::spawn_blocking(move || {
            if app.inner.settings.look() {
                app.keep_activity_as_set();
            }
            app.inner.is_looking_at_settings.store(false, Ordering::Release);
        }));
    }

    /// Sets everything anew.
    ///
    /// # Errors
    /// Where a value cannot be set, the system does not take it or the file cannot be written. Nothing is changed then.
    pub(crate) async fn change_settings(&self, settings: Settings) -> Result<(), Box<Problem>> {
        settings::check(&settings).map_err(|wrong| problem::not_a_setting(&wrong))?;
        let settings = Settings { browser: settings.browser.trim().to_owned(), ..settings };
        let _one_at_a_time = self.inner.changing_settings.lock().await;
        let now = self.settings();
        if settings.browser != now.browser && !browser::is_name(&settings.browser) {
            let wrong = NotASetting { key: "browser", what: Wrong::NoProgramName };
            return Err(problem::not_a_setting(&wrong).into());
        }
        let before = now.start_at_sign_in;
        if settings.start_at_sign_in != before {
            self.start_at_sign_in(settings.start_at_sign_in).await.map_err(|reason| problem::start_not_set(&reason))?;
        }
        let start = settings.start_at_sign_in;
        let keeper = Arc::clone(&self.inner.settings);
        let changing = tokio::task::spawn_blocking(move || keeper.change(settings));
        let changed = match tokio::time::timeout(TIME_FOR_THE_DISK, changing).await {
            Ok(changed) => changed.unwrap_or_else(|_| Err(Wrong::BrokenOff.into())),
            Err(_) => Err(Wrong::NoAnswer(TIME_FOR_THE_DISK.as_secs()).into()),
        };
        if let Err(mistake) = changed {
            if start != before && self.start_at_sign_in(before).await.is_err() {
                // The system has it, and so it is.
                self.set_starts_at_sign_in(start);
            }
            return Err(problem::settings_file_not_written(&mistake).into());
        }
        self.keep_activity_as_set();
        Ok(())
    }

    /// Where things are kept.
    pub(crate) fn places(&self) -> Vec<KeptAt> {
        let paths = &self.inner.paths;
        let files = [
            (Kept::Profiles, paths.profiles_file()),
            (Kept::Settings, paths.settings_file()),
            (Kept::Activity, paths.activity_file()),
            (Kept::Log, paths.log_file()),
        ];
        let files = files.into_iter().map(|(what, path)| (what, path.display().to_string()));
        let places = files.chain([(Kept::Sessions, vault::service())]);
        places.map(|(what, place)| KeptAt { what, place: people_text(&place, MAX_PLACE) }).collect()
    }

    async fn start_at_sign_in(&self, start: bool) -> Result<(), String> {
        let (reply, replied) = oneshot::channel();
        self.ask_shell(ShellRequest::StartAtSignIn { start, reply });
        answered(replied, Phrase::SystemSilent).await?;
        self.set_starts_at_sign_in(start);
        Ok(())
    }

    fn keep_activity_as_set(&self) {
        self.inner.activity.keep_for(self.settings().activity_days, self.inner.clock.now());
    }
}

#[cfg(test)]
mod tests;
