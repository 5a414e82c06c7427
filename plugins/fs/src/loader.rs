//! Programs: from a path or a source to a module graph, ready to start.
//!
//! The graph is resolved at spawn under the spawner's credentials, and the sources are taken then: later changes to the
//! files do not touch a running process. `helios:NAME` stays symbolic: it is the library's, which comes from the base
//! layer alone. What a source imports is cached by the hash of the source.

mod graph;
mod manifest;

use std::sync::{Arc, OnceLock};

use bevy_ecs::prelude::*;
use helios_abi::calls::mode;
use helios_abi::program::Program;
use helios_abi::{Errno, NodeId, SysError};
use helios_kernel::loader::{Account, Accounts, Manifest};
use helios_kernel::machine::log_line;
use helios_kernel::{Creds, LoadRequest, LoadSource, Loaded, ProgramLoader};

use crate::access::EXEC;
use crate::data;
use crate::disk::volume;
use crate::store::{Meta, meta_of};
use crate::walk::{Actor, Refusal, Target, fail, resolve_dir, walk};

pub(crate) use graph::ImportCache;
pub use graph::{MODULES_MAX, SOURCES_BYTES_MAX};

/// Interpreters that name interpreters: ELOOP beyond.
const INTERPRETERS_MAX: u32 = 4;
/// The interpreter line that says that a file is TypeScript, which it is anyway.
const TYPESCRIPT: &str = "/bin/ts";
/// Directories of programs: files there need neither an interpreter line nor an extension, and may have manifests.
const PROGRAM_DIRS: &[&str] = &["/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin"];

/// The loader over machines' file systems.
pub struct FsLoader;

/// A program's file.
struct ProgramFile {
    path: String,
    meta: Meta,
    source: String,
}

impl ProgramLoader for FsLoader {
    fn load(&self, world: &mut World, request: &LoadRequest) -> Result<Loaded, SysError> {
        let actor = actor(request.node, &request.creds, &request.cwd);
        let mut script = None;
        let (path, file, argv, modules) = match &request.source {
            LoadSource::Path(path) => {
                let (file, argv) = find_program(world, &actor, path, request.argv.clone())?;
                let entry = (file.path.clone(), file.source.clone());
                (file.path.clone(), Some(file), argv, vec![entry])
            }
            LoadSource::Code(source) => {
                // Named as a file of the working directory, where its relative imports start.
                let name = format!("{}/<code>", actor.cwd.trim_end_matches('/'));
                (
                    "<code>".to_owned(),
                    None,
                    request.argv.clone(),
                    vec![(name, source.clone())],
                )
            }
            LoadSource::Script { name, code, known } => {
                let place = format!("{}/{name}", actor.cwd.trim_end_matches('/'));
                script = Some(graph::Script { name, place, known });
                let entry = (name.clone(), code.clone());
                (name.clone(), None, request.argv.clone(), vec![entry])
            }
            LoadSource::Modules(modules) => {
                let entry = modules
                    .first()
                    .ok_or_else(|| SysError::new(Errno::ENOEXEC, "a program has a module"))?;
                (entry.0.clone(), None, request.argv.clone(), modules.clone())
            }
        };
        let program = graph::resolve(world, &actor, modules, script);
        if let Some(Refusal { verb, path: module }) = actor.refused.get() {
            let line = format!("{path}: denied, no capability fs:{verb}:{module}");
            log_line(world, request.node, line);
        }
        let program = program?;
        if matches!(request.source, LoadSource::Script { .. }) {
            check(&program)?;
        }
        let manifest = match &file {
            Some(file) => manifest::of_program(world, request.node, file)?,
            None => None,
        };
        Ok(loaded(world, request.node, program, path, argv, file, manifest))
    }

    fn directory(
        &self,
        world: &mut World,
        node: NodeId,
        creds: &Creds,
        cwd: &str,
        path: &str,
    ) -> Result<String, SysError> {
        resolve_dir(world, &actor(node, creds, cwd), path)
    }
}

/// Compiles every module. A program that does not compile ends at once; a process that loads one goes on without it, and
/// may load it again when it is mended.
fn check(program: &Program) -> Result<(), SysError> {
    for module in &program.modules {
        let diagnostics = helios_compiler::check(&module.source, &module.specifier);
        if diagnostics.has_errors() {
            return Err(SysError::new(Errno::ENOEXEC, diagnostics.to_string()));
        }
    }
    Ok(())
}

fn actor(node: NodeId, creds: &Creds, cwd: &str) -> Actor {
    Actor {
        node,
        pid: None,
        creds: creds.clone(),
        cwd: cwd.to_owned(),
        umask: 0o022,
        refused: OnceLock::new(),
    }
}

fn loaded(
    world: &World,
    node: NodeId,
    program: Program,
    path: String,
    argv: Vec<String>,
    file: Option<ProgramFile>,
    manifest: Option<manifest::Found>,
) -> Loaded {
    let trusted =
        |file: &&ProgramFile| volume::of(world, node, file.meta.ino).is_none_or(|volume| !volume.options.nosuid);
    let bit = |bit: u32| file.as_ref().filter(trusted).filter(|file| file.meta.mode & bit != 0);
    Loaded {
        program: Arc::new(program),
        path,
        argv,
        setuid: bit(mode::SETUID).map(|file| file.meta.uid),
        setgid: bit(mode::SETGID).map(|file| file.meta.gid),
        quota_ms: manifest.as_ref().and_then(|found| found.quota_ms),
        quota_mem: manifest.as_ref().and_then(|found| found.quota_mem),
        user_caps: manifest::user_set(world, node),
        manifest: manifest.map(|found| Manifest {
            caps: found.caps,
            root_owned: found.root_owned,
        }),
    }
}

/// Finds the file that runs for `path`: the file itself, or the interpreter that its first line names.
fn find_program(
    world: &World,
    actor: &Actor,
    path: &str,
    mut argv: Vec<String>,
) -> Result<(ProgramFile, Vec<String>), SysError> {
    let mut file = read_program(world, actor, path)?;
    for _ in 0..INTERPRETERS_MAX {
        let Some(line) = interpreter(&file.source).map(str::to_owned) else {
            return Ok((file, argv));
        };
        let (program, argument) = match line.split_once([' ', '\t']) {
            Some((program, argument)) => (program, Some(argument.trim().to_owned())),
            None => (line.as_str(), None),
        };
        if program == TYPESCRIPT {
            return Ok((file, argv));
        }
        let script = std::mem::take(&mut file.path);
        let rest = argv.into_iter().skip(1);
        argv = [program.to_owned()]
            .into_iter()
            .chain(argument)
            .chain([script])
            .chain(rest)
            .collect();
        file = read_program(world, actor, program)?;
    }
    Err(SysError::new(
        Errno::ELOOP,
        format!("{path}: too many interpreters that name interpreters"),
    ))
}

/// What the first line of a script names, without `#!`.
fn interpreter(source: &str) -> Option<&str> {
    let line = source.strip_prefix("#!")?.lines().next().unwrap_or_default().trim();
    (!line.is_empty()).then_some(line)
}

/// Reads a program's file. Running needs the execute bit alone: it is the kernel that reads.
fn read_program(world: &World, actor: &Actor, path: &str) -> Result<ProgramFile, SysError> {
    let found = walk(world, actor, path, true)?;
    let ino = match found.target {
        Some(Target::Inode(ino)) => ino,
        Some(Target::Proc(_)) => return Err(fail(Errno::EACCES, path)),
        None => return Err(fail(Errno::ENOENT, path)),
    };
    let meta = meta_of(world, actor.node, ino);
    if meta.kind() != mode::FILE {
        return Err(fail(Errno::EACCES, path));
    }
    actor.permit(&meta, EXEC, path)?;
    if volume::of(world, actor.node, ino).is_some_and(|volume| volume.options.noexec) {
        return Err(SysError::new(
            Errno::EACCES,
            format!("{path}: programs of what is mounted there do not run"),
        ));
    }
    let source = read_source(world, actor.node, &meta, &found.path)?;
    let (dir, name) = found.path.rsplit_once('/').unwrap_or_default();
    let known = PROGRAM_DIRS.contains(&dir) || name.ends_with(".ts") || interpreter(&source).is_some();
    if !known {
        let why = format!("{path}: not TypeScript by its name, and no first line says what runs it");
        return Err(SysError::new(Errno::ENOEXEC, why));
    }
    Ok(ProgramFile {
        path: found.path,
        meta,
        source,
    })
}

/// The text of a file that is to be compiled.
fn read_source(world: &World, node: NodeId, meta: &Meta, path: &str) -> Result<String, SysError> {
    let most = helios_compiler::SOURCE_BYTES_MAX as u64;
    if meta.size > most {
        return Err(SysError::new(
            Errno::ENOEXEC,
            format!("{path}: a source has at most {most} bytes"),
        ));
    }
    let bytes = data::read(world, node, meta.ino, 0, meta.size)?;
    String::from_utf8(bytes).map_err(|_| SysError::new(Errno::ENOEXEC, format!("{path}: not UTF-8 text")))
}

/// Accounts of `/etc/passwd` and `/etc/group`.
pub struct FsAccounts;

impl Accounts for FsAccounts {
    fn find(&self, world: &mut World, node: NodeId, user: &str) -> Option<Account> {
        let passwd = crate::read_text(world, node, "/etc/passwd").ok()?;
        let group = crate::read_text(world, node, "/etc/group").unwrap_or_default();
        account(&passwd, &group, user)
    }
}

/// Finds a user in the texts of the two files. Lines that are malformed are passed over, as everywhere.
fn account(passwd: &str, group: &str, user: &str) -> Option<Account> {
    let fields = passwd
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields[0] == user)?;
    let [_, _, uid, gid, _, home, ..] = fields[..] else {
        return None;
    };
    let member = |line: &str| {
        let [_, _, gid, members] = line.split(':').collect::<Vec<_>>()[..] else {
            return None;
        };
        members
            .split(',')
            .any(|member| member == user)
            .then(|| gid.parse().ok())
            .flatten()
    };
    let mut groups: Vec<u32> = group.lines().filter_map(member).collect();
    groups.sort_unstable();
    groups.dedup();
    let home = if home.is_empty() { "/" } else { home };
    Some(Account {
        uid: uid.parse().ok()?,
        gid: gid.parse().ok()?,
        groups,
        home: home.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_come_from_the_two_files() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\nbroken\nplayer:x:1000:1000::/home/player:/bin/sh\n";
        let group = "root:x:0:\nwheel:x:10:root,player\nplayer:x:1000:\naudio:x:5:player\n";
        let player = account(passwd, group, "player").unwrap();
        assert_eq!(
            (player.uid, player.gid, player.home.as_str()),
            (1000, 1000, "/home/player")
        );
        assert_eq!(player.groups, [5, 10]);
        assert_eq!(account(passwd, group, "broken"), None);
        assert_eq!(account(passwd, group, "nobody"), None);
    }

    #[test]
    fn the_first_line_names_the_interpreter() {
        assert_eq!(interpreter("#!/bin/sh -e\nls\n"), Some("/bin/sh -e"));
        assert_eq!(interpreter("#! /bin/ts\n"), Some("/bin/ts"));
        assert_eq!(interpreter("#!\n"), None);
        assert_eq!(interpreter("// #!/bin/sh"), None);
    }
}
