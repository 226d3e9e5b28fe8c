//! The paths of imports: where they lead, and how a file would name another.

/// Why a path leads nowhere within the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Astray {
    Empty,
    Backslash,
    Absolute,
    Outside,
}

/// The path from the root of what `importer`, itself a path from the root,
/// imports by `written`.
pub(crate) fn resolve(importer: &str, written: &str) -> Result<String, Astray> {
    if written.trim().is_empty() {
        return Err(Astray::Empty);
    }
    if written.contains('\\') {
        return Err(Astray::Backslash);
    }
    let drive = written.split_once(':').is_some_and(|(d, _)| d.len() == 1);
    if written.starts_with(['/', '~']) || written.contains("://") || drive {
        return Err(Astray::Absolute);
    }
    let mut parts: Vec<&str> = importer.split('/').collect();
    parts.pop();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or(Astray::Outside)?;
            }
            part => parts.push(part),
        }
    }
    match parts.is_empty() {
        true => Err(Astray::Empty),
        false => Ok(parts.join("/")),
    }
}

/// What `importer` writes to import `path`, both from the root.
pub(crate) fn relative(importer: &str, path: &str) -> String {
    let from: Vec<&str> = importer.split('/').collect();
    let to: Vec<&str> = path.split('/').collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let shared = shared.min(from.len() - 1).min(to.len() - 1);
    let up = vec![".."; from.len() - 1 - shared];
    [&up, &to[shared..]].concat().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_counts_from_the_importing_file() {
        for (importer, written, path) in [
            ("a.yaml", "b.yaml", "b.yaml"),
            ("a.yaml", "./sub//b.yaml", "sub/b.yaml"),
            ("sub/a.yaml", "b.yaml", "sub/b.yaml"),
            ("sub/a.yaml", "../b.yaml", "b.yaml"),
            ("sub/deep/a.yaml", "../other/b.yaml", "sub/other/b.yaml"),
        ] {
            assert_eq!(resolve(importer, written).as_deref(), Ok(path), "{written}");
        }
    }

    #[test]
    fn a_path_that_leads_out_is_told_from_one_that_is_no_path() {
        for (importer, written, astray) in [
            ("a.yaml", "", Astray::Empty),
            ("a.yaml", "./", Astray::Empty),
            ("a.yaml", "../b.yaml", Astray::Outside),
            ("sub/a.yaml", "../../b.yaml", Astray::Outside),
            ("a.yaml", "sub\\b.yaml", Astray::Backslash),
            ("a.yaml", "/etc/b.yaml", Astray::Absolute),
            ("a.yaml", "~/b.yaml", Astray::Absolute),
            ("a.yaml", "C:/b.yaml", Astray::Absolute),
            ("a.yaml", "https://example.com/b.yaml", Astray::Absolute),
        ] {
            assert_eq!(resolve(importer, written), Err(astray), "{written}");
        }
    }

    #[test]
    fn a_relative_path_leads_back_to_where_it_was_made_from() {
        for (importer, path, written) in [
            ("a.yaml", "b.yaml", "b.yaml"),
            ("a.yaml", "sub/b.yaml", "sub/b.yaml"),
            ("sub/a.yaml", "b.yaml", "../b.yaml"),
            ("sub/a.yaml", "sub/b.yaml", "b.yaml"),
            ("x/y/a.yaml", "x/z/b.yaml", "../z/b.yaml"),
        ] {
            assert_eq!(relative(importer, path), written);
            assert_eq!(resolve(importer, written).as_deref(), Ok(path));
        }
    }
}
