//! What to copy where: a pure function of what both sides have and what they last had in common.

use std::collections::BTreeSet;

use helios_abi::Digest32;

use super::Files;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Both sides have this file, or neither has it any more.
    Same(String, Option<Digest32>),
    /// Copy the host's to the machine.
    ToWorld(String),
    /// Copy the machine's to the host.
    ToHost(String),
    /// Remove the machine's.
    RemoveFromWorld(String),
    /// Remove the host's.
    RemoveFromHost(String),
    /// Both changed: the host's stays, the machine's is kept beside it.
    Conflict(String),
}

/// Compares the host's files and the machine's with what both had last.
pub(crate) fn plan(base: &Files, ours: &Files, theirs: &Files) -> Vec<Step> {
    let paths: BTreeSet<&String> = base.keys().chain(ours.keys()).chain(theirs.keys()).collect();
    paths
        .into_iter()
        .filter_map(|path| {
            let (was, our, their) = (base.get(path), ours.get(path), theirs.get(path));
            step(path, was, our, their)
        })
        .collect()
}

fn step(path: &str, was: Option<&Digest32>, our: Option<&Digest32>, their: Option<&Digest32>) -> Option<Step> {
    let path = path.to_owned();
    if our == their {
        return (our != was).then(|| Step::Same(path, our.copied()));
    }
    Some(match (our, their) {
        (_, None) if their == was => Step::ToWorld(path),
        (None, _) if our == was => Step::ToHost(path),
        // A change outlives a removal.
        (Some(_), None) if our == was => Step::RemoveFromHost(path),
        (Some(_), None) => Step::ToWorld(path),
        (None, Some(_)) if their == was => Step::RemoveFromWorld(path),
        (None, _) => Step::ToHost(path),
        (Some(_), Some(_)) if our == was => Step::ToHost(path),
        (Some(_), Some(_)) if their == was => Step::ToWorld(path),
        (Some(_), Some(_)) => Step::Conflict(path),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(name: &str) -> Files {
        name.chars()
            .next()
            .map(|version| ("f".to_owned(), Digest32([version as u8; 32])))
            .into_iter()
            .collect()
    }

    fn check(base: &str, ours: &str, theirs: &str, want: Option<Step>) {
        let steps = plan(&files(base), &files(ours), &files(theirs));
        assert_eq!(
            steps,
            want.into_iter().collect::<Vec<_>>(),
            "{base:?} {ours:?} {theirs:?}"
        );
    }

    #[test]
    fn one_side_follows_the_other() {
        let f = || "f".to_owned();
        check("", "a", "", Some(Step::ToWorld(f())));
        check("", "", "a", Some(Step::ToHost(f())));
        check("a", "b", "a", Some(Step::ToWorld(f())));
        check("a", "a", "b", Some(Step::ToHost(f())));
        check("a", "", "a", Some(Step::RemoveFromWorld(f())));
        check("a", "a", "", Some(Step::RemoveFromHost(f())));
        check("a", "a", "a", None);
    }

    #[test]
    fn what_became_the_same_is_the_same() {
        check("", "a", "a", Some(Step::Same("f".into(), Some(Digest32([b'a'; 32])))));
        check("a", "b", "b", Some(Step::Same("f".into(), Some(Digest32([b'b'; 32])))));
        check("a", "", "", Some(Step::Same("f".into(), None)));
    }

    #[test]
    fn two_changes_are_a_conflict_and_a_change_outlives_a_removal() {
        let f = || "f".to_owned();
        check("", "a", "b", Some(Step::Conflict(f())));
        check("a", "b", "c", Some(Step::Conflict(f())));
        check("a", "b", "", Some(Step::ToWorld(f())));
        check("a", "", "b", Some(Step::ToHost(f())));
    }
}
