//! `load`: modules for a process to run in itself.

use std::collections::BTreeSet;

use bevy_ecs::prelude::*;
use helios_abi::calls::{ImportRef, Load, LoadedModule, LoadedModules};
use helios_abi::program::{LOADED_BYTES_MAX, Module, loaded_weight};
use helios_abi::{Errno, SysError, gas};

use super::process::MAX_CODE_BYTES;
use crate::calls::owe;
use crate::loader::{LoadRequest, LoadSource, Loader};
use crate::process::{Env, Loads, ProgramRow};
use crate::syscall::{Caller, Completion, SysResult};

/// Longest name of a loaded module.
const MAX_NAME_BYTES: usize = 64;

/// The reply is all that a rebuild needs: it is in the journal, and the process does the same with it again. What the
/// row keeps is for the next call: what the process has, and how much it may still load.
pub(super) fn load(world: &mut World, caller: &Caller, call: Load) -> SysResult<LoadedModules> {
    check_name(&call.name)?;
    if call.code.len() > MAX_CODE_BYTES {
        let message = format!("load: code: at most {MAX_CODE_BYTES} bytes, got {}", call.code.len());
        return Err(SysError::new(Errno::E2BIG, message));
    }
    let known = known(world, caller);
    if known.contains(&call.name) {
        let message = format!("load: the process has a module {}", call.name);
        return Err(SysError::new(Errno::EEXIST, message));
    }
    let loader = world.get_resource::<Loader>().cloned().ok_or(Errno::ENOSYS)?;
    let request = LoadRequest {
        node: caller.node(),
        creds: caller.creds(world).clone(),
        cwd: world
            .get::<Env>(caller.entity)
            .expect("a process has all its rows")
            .cwd
            .clone(),
        source: LoadSource::Script {
            name: call.name,
            code: call.code,
            known,
        },
        argv: Vec::new(),
    };
    let program = loader.0.load(world, &request)?.program;
    remember(world, caller, &program.modules)?;
    let modules = program.modules.iter().map(given).collect();
    Ok(Completion::Done(LoadedModules { modules }))
}

fn check_name(name: &str) -> Result<(), SysError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b":.-".contains(&byte);
    if (1..=MAX_NAME_BYTES).contains(&name.len()) && name.bytes().all(plain) && !name.starts_with("helios:") {
        return Ok(());
    }
    let message = format!(
        "load: name: 1 to {MAX_NAME_BYTES} letters, digits, colons, dots and hyphens, not beginning with helios:"
    );
    Err(SysError::new(Errno::EINVAL, message))
}

/// The modules that the process has, of its program and of earlier loads.
fn known(world: &World, caller: &Caller) -> BTreeSet<String> {
    let program = world
        .get::<ProgramRow>(caller.entity)
        .expect("a process has all its rows");
    let program = program.modules.iter().map(|module| &module.specifier);
    let loads = world.get::<Loads>(caller.entity);
    program
        .chain(loads.iter().flat_map(|loads| &loads.modules))
        .cloned()
        .collect()
}

/// Counts what a process is given, and charges for it as for a program's start.
fn remember(world: &mut World, caller: &Caller, modules: &[Module]) -> Result<(), SysError> {
    let mut loads = world.get::<Loads>(caller.entity).cloned().unwrap_or_default();
    let source_bytes: u64 = modules.iter().map(|module| module.source.len() as u64).sum();
    loads.bytes += modules
        .iter()
        .map(|module| loaded_weight(module.source.len() as u64))
        .sum::<u64>();
    if loads.bytes > LOADED_BYTES_MAX {
        let message = format!("load: a process loads at most {LOADED_BYTES_MAX} bytes of source");
        return Err(SysError::new(Errno::E2BIG, message));
    }
    loads
        .modules
        .extend(modules.iter().map(|module| module.specifier.clone()));
    world.entity_mut(caller.entity).insert(loads);
    owe(world, caller.entity, gas::for_source(source_bytes));
    Ok(())
}

fn given(module: &Module) -> LoadedModule {
    let import = |(written, canonical): &(String, String)| ImportRef {
        written: written.clone(),
        canonical: canonical.clone(),
    };
    LoadedModule {
        specifier: module.specifier.clone(),
        source: module.source.to_string(),
        imports: module.imports.iter().map(import).collect(),
    }
}
