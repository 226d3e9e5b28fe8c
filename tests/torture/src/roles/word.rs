//! What both languages call an error; the Rust half of `python/role.py`.

use shm_runtime::{AttachError, CreateError, OpenError, ReadError, UnlinkError, WriteError};

/// An error in one word.
pub(super) trait Word {
    fn word(&self) -> String;
}

impl Word for OpenError {
    fn word(&self) -> String {
        match self {
            Self::PermissionDenied { .. } | Self::ReadOnlyMount { .. } | Self::NotOwner { .. } => {
                "permission".into()
            }
            Self::NotAFile { .. }
            | Self::TooShort { .. }
            | Self::NotASegment { .. }
            | Self::Damaged { .. }
            | Self::WrongSize { .. } => "not-a-segment".into(),
            Self::WrongAbi { .. } | Self::WrongProtocol { .. } => "unknown-version".into(),
            Self::Io { .. } => "io".into(),
            other => other.to_string(),
        }
    }
}

impl Word for CreateError {
    fn word(&self) -> String {
        match self {
            Self::BadName(_) => "bad-name".into(),
            Self::AlreadyExists { .. } => "already-exists".into(),
            Self::WriterBusy { .. } => "busy".into(),
            Self::WrongRows { .. }
            | Self::WrongCopies { .. }
            | Self::WrongKind { .. }
            | Self::LayoutMismatch(_) => "layout-mismatch".into(),
            Self::NoSpace { .. } => "no-space".into(),
            Self::NoDirectory { .. } => "not-found".into(),
            Self::Unsupported { .. } | Self::NoProc { .. } | Self::Io { .. } => "io".into(),
            Self::Open(open) => open.word(),
            other => other.to_string(),
        }
    }
}

impl Word for AttachError {
    fn word(&self) -> String {
        match self {
            Self::BadName(_) => "bad-name".into(),
            Self::NotFound { .. } => "not-found".into(),
            Self::Open(open) => open.word(),
            Self::WrongKind { .. } | Self::LayoutMismatch(_) => "layout-mismatch".into(),
            other => other.to_string(),
        }
    }
}

impl Word for ReadError {
    fn word(&self) -> String {
        match self {
            Self::Retired { .. } => "retired".into(),
            Self::Truncated { .. } => "truncated".into(),
            Self::Stalled { .. } => "stalled".into(),
            other => other.to_string(),
        }
    }
}

impl Word for WriteError {
    fn word(&self) -> String {
        match self {
            Self::Retired { .. } => "retired".into(),
            other => other.to_string(),
        }
    }
}

impl Word for UnlinkError {
    fn word(&self) -> String {
        match self {
            Self::BadName(_) => "bad-name".into(),
            Self::NotFound { .. } => "not-found".into(),
            Self::WriterBusy { .. } => "busy".into(),
            Self::Open(open) => open.word(),
            Self::Io { .. } => "io".into(),
            other => other.to_string(),
        }
    }
}
