//! `helios diff`: the first difference between two snapshots.

use helios_engine::snapshot::{self, Difference, read_snapshot_file};
use serde_json::{Value, json};

use crate::args::DiffArgs;
use crate::error::{Failure, Outcome};

/// Runs the command. Status 1 if the snapshots differ, as `diff` has it.
///
/// # Errors
/// If a snapshot is not sound (status 2).
pub(super) fn diff(args: &DiffArgs) -> Outcome {
    let read = |path| read_snapshot_file(path).map_err(|error| Failure::usage(error.to_string()));
    let (left, right) = (read(&args.left)?, read(&args.right)?);
    let difference = snapshot::diff(&left, &right);
    if args.json {
        let found = difference.as_ref().map(difference_json);
        println!("{}", json!({ "equal": found.is_none(), "difference": found }));
    } else if let Some(difference) = &difference {
        println!("{difference}");
    } else {
        println!("the snapshots are equal");
    }
    Ok(u8::from(difference.is_some()))
}

/// A difference as JSON.
pub(super) fn difference_json(difference: &Difference) -> Value {
    json!({
        "node": difference.node,
        "name": difference.node_name,
        "component": difference.component,
        "id": difference.id,
        "field": difference.field,
        "left": difference.left,
        "right": difference.right,
    })
}
