//! The base layer's library: TypeScript that is part of this binary, compiled once for the process.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::compile::Compiled;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Where the library lies on every machine.
pub(crate) const BASE: &str = "/usr/lib/helios/";
/// The library's heart.
pub(crate) const CORE: &str = "/usr/lib/helios/core.ts";

/// The modules that are evaluated into the startup snapshot, in order: the core, and what nearly every program imports.
pub(crate) const SNAPSHOT: [&str; 2] = [CORE, "/usr/lib/helios/process.ts"];

/// The realm's scripts in order.
pub(crate) fn realm() -> impl Iterator<Item = (&'static str, &'static str)> {
    REALM.iter().copied()
}

/// The path of `helios:NAME`.
pub(crate) fn path_of(specifier: &str) -> Option<String> {
    specifier.strip_prefix("helios:").map(|name| format!("{BASE}{name}.ts"))
}

/// Whether the library holds that path.
pub(crate) fn has(path: &str) -> bool {
    LIBRARY.binary_search_by_key(&path, |(name, _)| name).is_ok()
}

type Cells = BTreeMap<&'static str, OnceLock<Arc<Compiled>>>;

/// A place for each module's compiled form.
fn cells() -> &'static Cells {
    static COMPILED: OnceLock<Cells> = OnceLock::new();
    COMPILED.get_or_init(|| LIBRARY.iter().map(|(name, _)| (*name, OnceLock::new())).collect())
}

/// Takes a module that another process of this build has compiled.
pub(crate) fn preload(path: &str, whole: helios_compiler::Compiled) {
    let index = LIBRARY.binary_search_by_key(&path, |(name, _)| name);
    if let (Some(cell), Ok(index)) = (cells().get(path), index) {
        let source: Arc<str> = LIBRARY[index].1.into();
        cell.get_or_init(|| Arc::new(Compiled::from_whole(whole, source, true)));
    }
}

/// A library module, compiled when first asked for.
///
/// # Panics
/// When the library does not compile: it is part of this binary, and its tests compile all of it.
pub(crate) fn get(path: &str) -> Option<Arc<Compiled>> {
    let (name, cell) = cells().get_key_value(path)?;
    let index = LIBRARY.binary_search_by_key(name, |(name, _)| name).ok()?;
    let compiled = cell.get_or_init(|| {
        let source: Arc<str> = LIBRARY[index].1.into();
        match Compiled::new(name, &source, true, true) {
            Ok(compiled) => Arc::new(compiled),
            Err(error) => panic!("the library does not compile:\n{error}"),
        }
    });
    Some(Arc::clone(compiled))
}

/// Library modules that a library module imports.
pub(crate) fn imports(path: &str) -> Vec<String> {
    let index = LIBRARY.binary_search_by_key(&path, |(name, _)| name);
    let source = index.map(|index| LIBRARY[index].1).unwrap_or_default();
    let imports = helios_compiler::imports(source).unwrap_or_default();
    imports
        .iter()
        .filter(|import| !import.dynamic)
        .filter_map(|import| path_of(&import.specifier))
        .collect()
}

/// SHA-256 over the library and the realm: part of [`versions`](crate::versions()).
pub(crate) fn digest() -> String {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    let others = [
        ("prelude.js", crate::startup::PRELUDE),
        ("rehearsal.ts", crate::startup::REHEARSAL),
    ];
    for (name, text) in LIBRARY.iter().chain(REALM).chain(&others) {
        hasher.update((name.len() as u64).to_be_bytes());
        hasher.update(name.as_bytes());
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text.as_bytes());
    }
    hex::encode(hasher.finalize())
}

/// Every library module's path.
pub(crate) fn paths() -> impl Iterator<Item = &'static str> {
    LIBRARY.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_whole_library_compiles() {
        let paths: Vec<_> = super::paths().collect();
        assert!(paths.contains(&super::CORE));
        for path in paths {
            assert!(super::get(path).is_some(), "{path}");
        }
    }
}
