//! Days and seconds as a calendar has them.

use core::fmt;

const SECONDS_PER_DAY: i64 = 86_400;
/// The Gregorian calendar repeats after 400 years.
const DAYS_PER_ERA: i64 = 146_097;
/// From the first of March of year 0 to the first of January of 1970.
const DAYS_TO_EPOCH: i64 = 719_468;

/// A second since the Unix epoch, and so many digits of what is behind it.
pub(super) struct Moment {
    pub(super) unix_s: i64,
    pub(super) rest: u32,
    pub(super) digits: usize,
}

impl fmt::Display for Moment {
    /// As RFC 3339 has it, with every digit.
    ///
    /// Years outside 0 to 9999 have their sign, as ISO 8601 allows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date(self.unix_s.div_euclid(SECONDS_PER_DAY));
        let second = self.unix_s.rem_euclid(SECONDS_PER_DAY);
        if (0..=9999).contains(&year) {
            write!(f, "{year:04}")?;
        } else {
            write!(f, "{year:+}")?;
        }
        write!(
            f,
            "-{month:02}-{day:02}T{:02}:{:02}:{:02}",
            second / 3600,
            second / 60 % 60,
            second % 60
        )?;
        if self.digits > 0 {
            write!(f, ".{:0width$}", self.rest, width = self.digits)?;
        }
        f.write_str("Z")
    }
}

/// Year, month and day of a day since the Unix epoch.
///
/// # References
///
/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms",
/// `civil_from_days`: years start in March, so that the leap day is the last.
fn date(unix_day: i64) -> (i64, i64, i64) {
    let day = unix_day + DAYS_TO_EPOCH;
    let era = day.div_euclid(DAYS_PER_ERA);
    let of_era = day.rem_euclid(DAYS_PER_ERA);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = 400 * era + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn leap_days_and_turns_of_centuries_are_right() {
        for (day, expected) in [
            (0, (1970, 1, 1)),
            (-1, (1969, 12, 31)),
            (11_016, (2000, 2, 29)),
            (11_017, (2000, 3, 1)),
            (19_782, (2024, 2, 29)),
            (47_541, (2100, 3, 1)),
            (47_540, (2100, 2, 28)),
            (-719_528, (0, 1, 1)),
        ] {
            assert_eq!(date(day), expected, "day {day}");
        }
    }

    #[test]
    fn the_first_and_last_second_of_an_i64_have_a_date() {
        assert_eq!(date(i64::MAX.div_euclid(86_400)).0, 292_277_026_596);
        assert_eq!(date(i64::MIN.div_euclid(86_400)).0, -292_277_022_657);
    }
}
