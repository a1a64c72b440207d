//! An instant as people write it, in UTC, the same in every language.

use gatepass_oidc::Timestamp;

/// `2026-11-20 14:01:50`
pub(super) fn date_and_time(at: Timestamp) -> String {
    let seconds = at.as_unix_millis().div_euclid(1000);
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date(days);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60)
}

/// Year, month and day of a day since 1970-01-01, in the proleptic Gregorian calendar. Years are counted from March, so
/// that the leap day is the last of its year, and in eras of 400 years, which are all equally long.
fn date(days: i64) -> (i64, i64, i64) {
    const ERA: i64 = 146_097;
    /// From the first of March of the year 0.
    const EPOCH: i64 = 719_468;
    let (era, of_era) = ((days + EPOCH).div_euclid(ERA), (days + EPOCH).rem_euclid(ERA));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / (ERA - 1)) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + 400 * era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_as_its_date_and_time() {
        for (seconds, written) in [
            (0, "1970-01-01 00:00:00"),
            (951_782_399, "2000-02-28 23:59:59"),
            (951_782_400, "2000-02-29 00:00:00"),
            (951_868_800, "2000-03-01 00:00:00"),
            (1_795_183_310, "2026-11-20 14:01:50"),
            (4_107_542_400, "2100-03-01 00:00:00"),
            (-1, "1969-12-31 23:59:59"),
        ] {
            assert_eq!(date_and_time(Timestamp::from_unix_seconds(seconds)), written);
        }
    }
}
