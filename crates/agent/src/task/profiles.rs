//! Profiles that come and go. The task waits for the file here: it is small, and what is asked next depends on it.

use super::report::SeatNumber;
use super::seat::Seat;
use super::{Task, new_machine};
use crate::profiles_file::ProfilesFile;
use crate::session::Input;
use crate::{CauseKind, Error, Profile, ProfileId};

impl Task {
    /// Makes room for a profile.
    pub(super) fn seat(&mut self, profile: Profile) -> usize {
        self.n_seats += 1;
        let seat = Seat::new(SeatNumber(self.n_seats), profile, new_machine(), &self.edges.times);
        self.seats.push(seat);
        self.seats.len() - 1
    }

    pub(super) async fn add_profile(&mut self, profile: Profile) -> Result<ProfileId, Error> {
        let present = self.seats.iter().filter(|seat| !seat.is_removed);
        let ids: Vec<ProfileId> = present.map(|seat| seat.profile.id.clone()).collect();
        let profile = self.with_file(move |file| file.add(profile, |id| ids.contains(id))).await?;
        let id = profile.id.clone();
        let seat = self.seat(profile);
        self.publish(CauseKind::Profiles, Some(seat));
        self.step(seat, self.now(seat), Input::Tick);
        Ok(id)
    }

    pub(super) async fn remove_profile(&mut self, profile: &ProfileId) -> Result<(), Error> {
        let seat = self.find(profile)?;
        // Nobody is signed out for a profile that then cannot be removed.
        self.with_file(|file| file.check_editable()).await?;
        self.step(seat, self.now(seat), Input::SignOutRequested);
        self.ports_closed().await;
        let id = profile.clone();
        self.with_file(move |file| file.remove(&id)).await?;
        self.seats[seat].is_removed = true;
        self.publish(CauseKind::Profiles, None);
        Ok(())
    }

    /// Does something with the file on a thread that may wait for the disk.
    async fn with_file<T: Send + 'static>(
        &mut self,
        edit: impl FnOnce(&ProfilesFile) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let file = self.file.clone();
        let edited = tokio::task::spawn_blocking(move || {
            let result = edit(&file);
            (result, file.load().problem)
        });
        let (result, problem) =
            edited.await.map_err(|_| Error::ProfilesFile { reason: "writing it failed".to_owned() })?;
        self.file_problem = problem;
        result
    }
}
