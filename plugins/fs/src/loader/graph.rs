//! The import graph of a program.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use bevy_ecs::prelude::*;
use helios_abi::calls::mode;
use helios_abi::program::{Digest32, Module, Program, sha256};
use helios_abi::{Errno, SysError};

use super::read_source;
use crate::access::READ;
use crate::inode::{Body, FIRST_OWN_INO};
use crate::store::{meta_of, row};
use crate::walk::{Actor, Target, fail, walk};

/// Most modules of one program.
pub const MODULES_MAX: usize = 512;
/// Most bytes of source of one program.
pub const SOURCES_BYTES_MAX: usize = 8 << 20;
/// Sources whose imports are remembered; then all are forgotten.
const CACHE_ENTRIES: usize = 4096;
/// Where the library is: what lies here is imported as `helios:NAME`.
const LIBRARY: &str = "/usr/lib/helios/";

/// One import of a source: its name, and whether it may be absent because it is an `import()` that may never run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    specifier: String,
    dynamic: bool,
}

/// What sources import, by their hash. A cache of the host.
#[derive(Resource, Default)]
pub(crate) struct ImportCache(BTreeMap<Digest32, Arc<[Wanted]>>);

/// An entry that a process runs in itself.
pub(crate) struct Script<'r> {
    /// Its name, which is no path.
    pub(crate) name: &'r str,
    /// The path that its relative imports start from.
    pub(crate) place: String,
    /// Modules that the process has: they are named, and not read.
    pub(crate) known: &'r BTreeSet<String>,
}

/// Resolves the modules that `given` (the entry first) and their imports name.
pub(crate) fn resolve(
    world: &mut World,
    actor: &Actor,
    given: Vec<(String, String)>,
    script: Option<Script<'_>>,
) -> Result<Program, SysError> {
    let mut graph = Graph {
        script,
        given: given.iter().cloned().collect(),
        sources: BTreeMap::new(),
        todo: VecDeque::new(),
        bytes: 0,
    };
    let (entry, source) = given.into_iter().next().expect("the caller gives an entry");
    graph.add(entry, source)?;
    let mut modules = Vec::new();
    while let Some(specifier) = graph.todo.pop_front() {
        let source = graph.sources[&specifier].clone();
        let source_hash = sha256(source.as_bytes());
        let mut imports = Vec::new();
        for wanted in imports_of(world, &specifier, source_hash, &source)?.iter() {
            match graph.import(world, actor, &specifier, &wanted.specifier) {
                Ok(canonical) => imports.push((wanted.specifier.clone(), canonical)),
                // It fails where the program gets there, if it does.
                Err(_) if wanted.dynamic => {}
                Err(error) => return Err(error),
            }
        }
        imports.sort();
        imports.dedup();
        modules.push(Module {
            specifier,
            source_hash,
            source,
            imports,
        });
    }
    Ok(Program { modules })
}

struct Graph<'r> {
    script: Option<Script<'r>>,
    given: BTreeMap<String, String>,
    sources: BTreeMap<String, Arc<str>>,
    todo: VecDeque<String>,
    bytes: usize,
}

impl Graph<'_> {
    fn add(&mut self, specifier: String, source: String) -> Result<(), SysError> {
        self.bytes += source.len();
        if self.sources.len() >= MODULES_MAX || self.bytes > SOURCES_BYTES_MAX {
            let why = format!(
                "{specifier}: a program has at most {MODULES_MAX} modules and {SOURCES_BYTES_MAX} bytes of source"
            );
            return Err(SysError::new(Errno::E2BIG, why));
        }
        self.todo.push_back(specifier.clone());
        self.sources.insert(specifier, source.into());
        Ok(())
    }

    fn is_known(&self, path: &str) -> bool {
        self.script.as_ref().is_some_and(|script| script.known.contains(path))
    }

    /// The canonical name of what `specifier` means in `importer`; its source is added where it is new.
    fn import(&mut self, world: &World, actor: &Actor, importer: &str, specifier: &str) -> Result<String, SysError> {
        if specifier.starts_with("helios:") {
            return Ok(specifier.to_owned());
        }
        let place = match &self.script {
            Some(script) if script.name == importer => &script.place,
            _ => importer,
        };
        let path = join(place, specifier).ok_or_else(|| {
            let why = format!("{importer}: {specifier:?} is neither a path nor a name such as helios:fs");
            SysError::new(Errno::ENOENT, why)
        })?;
        if let Some(name) = library_name(&path) {
            return Ok(name);
        }
        if self.is_known(&path) {
            return Ok(path);
        }
        if let Some(source) = self.given.get(&path) {
            if !self.sources.contains_key(&path) {
                self.add(path.clone(), source.clone())?;
            }
            return Ok(path);
        }
        let (canonical, source) = read_module(world, actor, &path).map_err(|error| {
            SysError::new(
                error.errno,
                format!("{importer}: import {specifier:?}: {}", error.message),
            )
        })?;
        if let Some(name) = library_name(&canonical) {
            return Ok(name);
        }
        if !self.sources.contains_key(&canonical) && !self.is_known(&canonical) {
            self.add(canonical.clone(), source)?;
        }
        Ok(canonical)
    }
}

/// The symbolic name of a path of the library.
fn library_name(path: &str) -> Option<String> {
    let name = path.strip_prefix(LIBRARY)?.strip_suffix(".ts")?;
    Some(format!("helios:{name}"))
}

fn read_module(world: &World, actor: &Actor, path: &str) -> Result<(String, String), SysError> {
    let found = walk(world, actor, path, true)?;
    let ino = match found.target {
        Some(Target::Inode(ino)) => ino,
        Some(Target::Proc(_)) => return Err(fail(Errno::EACCES, path)),
        None => return Err(fail(Errno::ENOENT, path)),
    };
    let meta = meta_of(world, actor.node, ino);
    match meta.kind() {
        mode::FILE => actor.permit(&meta, READ, path)?,
        mode::DIR => return Err(fail(Errno::EISDIR, path)),
        _ => return Err(fail(Errno::EACCES, path)),
    }
    // A scope must not leak by importing what it does not cover. What the base image brought is everybody's.
    let own =
        ino >= FIRST_OWN_INO || row(world, actor.node, ino).is_some_and(|inode| matches!(inode.body, Body::File(_)));
    if own {
        actor.require("read", &found.path)?;
    }
    let source = read_source(world, actor.node, &meta, &found.path)?;
    Ok((found.path, source))
}

/// Joins a specifier to its importer's directory; `None` if it is no path.
fn join(importer: &str, specifier: &str) -> Option<String> {
    let relative = specifier.starts_with("./") || specifier.starts_with("../");
    if !relative {
        return specifier.starts_with('/').then(|| specifier.to_owned());
    }
    let dir = importer.rsplit_once('/').map_or("", |(dir, _)| dir);
    let mut names: Vec<&str> = dir.split('/').filter(|name| !name.is_empty()).collect();
    for name in specifier.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    let root = if importer.starts_with('/') { "/" } else { "" };
    Some(format!("{root}{}", names.join("/")))
}

fn imports_of(world: &mut World, specifier: &str, hash: Digest32, source: &str) -> Result<Arc<[Wanted]>, SysError> {
    if let Some(found) = world.resource::<ImportCache>().0.get(&hash) {
        return Ok(found.clone());
    }
    let imports = helios_compiler::imports(source).map_err(|mut diagnostics| {
        diagnostics.specifier = specifier.to_owned();
        SysError::new(Errno::ENOEXEC, diagnostics.to_string())
    })?;
    let wanted: Arc<[Wanted]> = imports
        .into_iter()
        .map(|import| Wanted {
            specifier: import.specifier,
            dynamic: import.dynamic,
        })
        .collect();
    let mut cache = world.resource_mut::<ImportCache>();
    if cache.0.len() >= CACHE_ENTRIES {
        cache.0.clear();
    }
    cache.0.insert(hash, wanted.clone());
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifiers_join_to_their_importers_directory() {
        for (importer, specifier, expected) in [
            ("/bin/ls", "./b.ts", Some("/bin/b.ts")),
            ("/bin/ls", "../lib/b.ts", Some("/lib/b.ts")),
            ("/bin/ls", "../../../b.ts", Some("/b.ts")),
            ("/bin/ls", "/usr/lib/sh/cli.ts", Some("/usr/lib/sh/cli.ts")),
            ("game/main.ts", "./b.ts", Some("game/b.ts")),
            ("/bin/ls", "lodash", None),
            ("/bin/ls", "https://x/y.ts", None),
        ] {
            assert_eq!(
                join(importer, specifier).as_deref(),
                expected,
                "{specifier} in {importer}"
            );
        }
    }
}
