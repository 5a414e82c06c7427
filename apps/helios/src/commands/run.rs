//! `helios run FILE.ts`: a file of this computer as a process of a machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::args::RunArgs;
use crate::commands::exec::{drive, finish};
use crate::error::{Failure, Outcome, read_host_file};
use crate::sim::open;

/// Most modules, and the most bytes of one.
const MAX_MODULES: usize = 512;
const MAX_MODULE_BYTES: u64 = 1 << 20;

/// Runs the command.
///
/// # Errors
/// If a module cannot be read or compiled, or the world stops.
pub(super) fn run(args: &RunArgs) -> Outcome {
    let modules = gather(&args.file)?;
    let mut sim = open(&args.world)?;
    let node = sim.machine(args.world.machine.as_deref())?;
    let mut argv = vec![args.file.display().to_string()];
    argv.extend(args.args.iter().cloned());
    let session = sim.run(node, &args.user, &modules, &argv)?;
    let code = drive(&mut sim, node, session, args.limit)?;
    finish(&mut sim, &args.world)?;
    Ok(code)
}

/// Reads a program: the file, and every file that it imports by a relative path, the entry first.
///
/// Specifiers are paths under `/host`, as the machine's processes see them in traces.
fn gather(entry: &Path) -> Result<Vec<(String, String)>, Failure> {
    let entry = entry
        .canonicalize()
        .map_err(|error| Failure::new(format!("{}: {}", entry.display(), crate::error::describe(&error))))?;
    let mut found: BTreeMap<PathBuf, String> = BTreeMap::new();
    let mut order = Vec::new();
    let mut queue = vec![entry];
    while let Some(path) = queue.pop() {
        if found.contains_key(&path) {
            continue;
        }
        if order.len() == MAX_MODULES {
            return Err(Failure::new(format!(
                "{}: more than {MAX_MODULES} modules",
                path.display()
            )));
        }
        let bytes = read_host_file(&path, MAX_MODULE_BYTES)?;
        let source = String::from_utf8(bytes).map_err(|error| {
            Failure::new(format!(
                "{}: not UTF-8 at byte {}",
                path.display(),
                error.utf8_error().valid_up_to()
            ))
        })?;
        let name = path.display().to_string();
        let diagnostics = helios_compiler::check(&source, &name);
        if diagnostics.has_errors() {
            return Err(Failure::new(format!("{name} does not compile\n{diagnostics}")));
        }
        let imports = helios_compiler::imports(&source).map_err(|diagnostics| Failure::new(diagnostics.to_string()))?;
        let folder = path.parent().unwrap_or(Path::new("/"));
        for import in imports.iter().filter(|import| import.specifier.starts_with('.')) {
            let target = folder.join(&import.specifier);
            let target = target.canonicalize().map_err(|error| {
                let what = crate::error::describe(&error);
                Failure::new(format!(
                    "{name}:{}:{}: import {:?}: {what}",
                    import.line, import.column, import.specifier
                ))
            })?;
            queue.push(target);
        }
        order.push(path.clone());
        found.insert(path, source);
    }
    Ok(order
        .into_iter()
        .map(|path| {
            (
                format!("/host{}", path.display()),
                found.remove(&path).unwrap_or_default(),
            )
        })
        .collect())
}
