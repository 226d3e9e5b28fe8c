//! Errors that show themselves in words.

use core::error::Error;
use core::fmt::{self, Write as _};

/// `Debug` is what `Display` says, with the causes behind it: a program whose
/// `main` returns an error, or that unwraps one, shows it by `Debug`, and with
/// a derived one nobody would ever see a hint there.
macro_rules! debug_in_words {
    ($($error:ty),* $(,)?) => {$(
        impl fmt::Debug for $error {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                in_words(self, out)
            }
        }
    )*};
}

debug_in_words!(crate::OutOfRange, crate::TextError, crate::TimeOutOfRange);
#[cfg(not(loom))]
debug_in_words!(
    crate::Error,
    crate::CreateError,
    crate::AttachError,
    crate::OpenError,
    crate::ForeignError,
    crate::ReadError,
    crate::WriteError,
    crate::UnlinkError,
    crate::WarmError,
    crate::BadName,
);

fn in_words(error: &dyn Error, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        // Some messages have it in the middle.
        if !words.contains(&said) {
            write!(words, "; cause: {said}")?;
        }
        cause = error.source();
    }
    out.write_str(&words)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use crate::{AttachError, CreateError, Error, OpenError, WarmError};
    use std::io;
    use std::path::PathBuf;

    #[test]
    fn an_error_that_main_returns_shows_its_hint() {
        let path = PathBuf::from("/dev/shm/a");
        let error = Error::from(CreateError::AlreadyExists { path });
        let shown = format!("{error:?}");
        assert_eq!(shown, error.to_string());
        assert!(shown.contains("hint: take it over with `exist_ok(true)`"));
    }

    #[test]
    fn a_cause_is_told_once() {
        let open = OpenError::Io {
            doing: "open",
            path: PathBuf::from("/dev/shm/a"),
            source: io::Error::other("the cause"),
        };
        assert!(!open.to_string().contains("the cause"));
        let shown = format!("{:?}", Error::from(AttachError::from(open)));
        assert_eq!(shown.matches("; cause: the cause").count(), 1, "{shown}");

        let warm = WarmError::NoThread {
            path: PathBuf::from("/dev/shm/a"),
            source: io::Error::other("the cause"),
        };
        let shown = format!("{warm:?}");
        assert_eq!(shown.matches("the cause").count(), 1, "{shown}");
    }
}
