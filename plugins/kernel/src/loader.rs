//! What the kernel asks of the file system to start a program. The fs plugin fills [`Loader`].

use std::collections::BTreeSet;
use std::sync::Arc;

use bevy_ecs::prelude::*;
use helios_abi::program::Program;
use helios_abi::{NodeId, SysError};

use crate::caps::CapSet;
use crate::process::Creds;

/// What to load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadSource {
    /// A file of the machine: TypeScript with mode x, or a script whose first line names an interpreter.
    Path(String),
    /// TypeScript source.
    Code(String),
    /// TypeScript source that a process runs in itself, under a name that is no path. Relative imports start in the
    /// working directory. The whole graph is compiled, so that what is wrong with it is known here.
    Script {
        /// The entry's specifier.
        name: String,
        /// The source.
        code: String,
        /// Specifiers of the modules that the process has: their files are not read again, whatever became of them.
        known: BTreeSet<String>,
    },
    /// Modules from outside the world, the entry first: `(specifier, source)`. Relative imports resolve among them.
    Modules(Vec<(String, String)>),
}

/// A request to load a program, under the credentials of whoever spawns it.
#[derive(Clone, Debug)]
pub struct LoadRequest {
    /// The machine.
    pub node: NodeId,
    /// Whose permission bits and capabilities apply.
    pub creds: Creds,
    /// Where relative paths start.
    pub cwd: String,
    /// The program.
    pub source: LoadSource,
    /// Arguments, the program's name first.
    pub argv: Vec<String>,
}

/// A program's manifest, `/etc/caps/NAME.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// What it declares.
    pub caps: CapSet,
    /// Root owns it: it may exceed the spawner's set.
    pub root_owned: bool,
}

/// A program, ready to start.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Its module graph, resolved.
    pub program: Arc<Program>,
    /// Canonical path of the program file, or a name such as `<code>`.
    pub path: String,
    /// Arguments: as asked, or with an interpreter and the script's path in front.
    pub argv: Vec<String>,
    /// The user it runs as, of a setuid file.
    pub setuid: Option<u32>,
    /// The group it runs as, of a setgid file.
    pub setgid: Option<u32>,
    /// Its manifest, if it has one.
    pub manifest: Option<Manifest>,
    /// The user set of the machine (`/etc/caps/user.json`): bounds programs without a manifest.
    pub user_caps: CapSet,
    /// CPU of one turn before SIGXCPU, in milliseconds, where the manifest says.
    pub quota_ms: Option<u64>,
    /// Memory, in bytes, where the manifest says.
    pub quota_mem: Option<u64>,
}

impl Loaded {
    /// What the program may do, given what its spawner may do (`decisions.md`, Capabilities).
    #[must_use]
    pub fn caps(&self, spawner: &CapSet) -> CapSet {
        match &self.manifest {
            None => spawner.intersect(&self.user_caps),
            Some(manifest) if manifest.root_owned => manifest.caps.clone(),
            Some(manifest) => manifest.caps.intersect(spawner),
        }
    }
}

/// Resolves programs on a machine's file system.
pub trait ProgramLoader: Send + Sync {
    /// Loads a program with everything that it imports.
    ///
    /// # Errors
    /// ENOENT, EACCES, ENOEXEC (with the compiler's or the resolver's words), ELOOP, E2BIG.
    fn load(&self, world: &mut World, request: &LoadRequest) -> Result<Loaded, SysError>;

    /// The canonical path of a directory that a process may work in, from a path relative to `cwd`.
    ///
    /// # Errors
    /// ENOENT, ENOTDIR, EACCES.
    fn directory(
        &self,
        world: &mut World,
        node: NodeId,
        creds: &Creds,
        cwd: &str,
        path: &str,
    ) -> Result<String, SysError>;
}

/// The loader in use.
#[derive(Resource, Clone)]
pub struct Loader(pub Arc<dyn ProgramLoader>);

/// User accounts, as commands name them: the fs plugin reads `/etc/passwd` and `/etc/group`.
pub trait Accounts: Send + Sync {
    /// User id, group id, supplementary groups and home directory of `user`; `None`: there is no such user.
    fn find(&self, world: &mut World, node: NodeId, user: &str) -> Option<Account>;
}

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// User id.
    pub uid: u32,
    /// Group id.
    pub gid: u32,
    /// Supplementary groups.
    pub groups: Vec<u32>,
    /// Home directory.
    pub home: String,
}

/// The accounts in use. Without one, only `root` exists.
#[derive(Resource, Clone)]
pub struct AccountsSource(pub Arc<dyn Accounts>);
