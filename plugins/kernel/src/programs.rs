//! Programs in memory, each once: a thousand shells share the text of theirs. Not state: rows name modules by hash.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use bevy_ecs::prelude::*;
use helios_abi::Digest32;
use helios_abi::program::Program;

/// The programs of living processes, by digest.
#[derive(Resource, Debug, Default)]
pub(crate) struct Programs(BTreeMap<Digest32, Weak<Program>>);

impl Programs {
    /// The copy of a program that everybody has.
    pub(crate) fn share(&mut self, program: Arc<Program>) -> Arc<Program> {
        let digest = program.digest();
        if let Some(known) = self.0.get(&digest).and_then(Weak::upgrade) {
            return known;
        }
        self.0.retain(|_, known| known.strong_count() > 0);
        self.0.insert(digest, Arc::downgrade(&program));
        program
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use helios_abi::program::{Module, sha256};

    fn program(source: &str) -> Arc<Program> {
        let module = Module {
            specifier: "/bin/x".into(),
            source_hash: sha256(source.as_bytes()),
            source: source.into(),
            imports: Vec::new(),
        };
        Arc::new(Program { modules: vec![module] })
    }

    #[test]
    fn equal_programs_are_one_for_as_long_as_there_is_any() {
        let mut programs = Programs::default();
        let first = programs.share(program("1"));
        assert!(Arc::ptr_eq(&first, &programs.share(program("1"))));
        assert!(!Arc::ptr_eq(&first, &programs.share(program("2"))));
        drop(first);
        programs.share(program("3"));
        assert_eq!(programs.0.len(), 1, "those that nobody has are forgotten");
    }
}
