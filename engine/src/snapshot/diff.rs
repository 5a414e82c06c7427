//! Where two snapshots differ: the first row, or all of them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::canon;
use crate::ids::{NodeId, RowId};
use crate::state::excerpt;

use super::Snapshot;

/// Where two worlds differ first, in the order of nodes, component names, ids and fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The node.
    pub node: NodeId,
    /// Its name, where either side knows it.
    pub node_name: Option<String>,
    /// The component.
    pub component: String,
    /// The number of the row on its node.
    pub id: u64,
    /// The field, as in `users[2].name`; empty when one side lacks the row.
    pub field: String,
    /// The left side; `None` when it has no such row or field.
    pub left: Option<Value>,
    /// The right side.
    pub right: Option<Value>,
}

impl core::fmt::Display for Difference {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let side = |side: &Option<Value>| side.as_ref().map_or_else(|| "nothing".to_owned(), excerpt);
        write!(f, "node {}", self.node)?;
        if let Some(name) = &self.node_name {
            write!(f, " ({name})")?;
        }
        write!(f, ", {} {}", self.component, self.id)?;
        if !self.field.is_empty() {
            write!(f, ", {}", self.field)?;
        }
        write!(
            f,
            ": {} on the left, {} on the right",
            side(&self.left),
            side(&self.right)
        )
    }
}

/// The first difference of two snapshots' rows; `None` when all rows are equal.
#[must_use]
pub fn diff(left: &Snapshot, right: &Snapshot) -> Option<Difference> {
    let mut first = None;
    visit(left, right, &mut |difference| {
        first = Some(difference);
        false
    });
    first
}

/// Every row that differs, with the first field in which it does: at most `limit` of them, and how many there are.
#[must_use]
pub fn diff_rows(left: &Snapshot, right: &Snapshot, limit: usize) -> (Vec<Difference>, u64) {
    let (mut found, mut count) = (Vec::new(), 0);
    visit(left, right, &mut |difference| {
        count += 1;
        if found.len() < limit {
            found.push(difference);
        }
        true
    });
    (found, count)
}

/// Passes each row that differs to `visit`, until it answers that this is enough.
fn visit(left: &Snapshot, right: &Snapshot, visit: &mut dyn FnMut(Difference) -> bool) {
    let (no_names, no_rows) = (BTreeMap::new(), BTreeMap::new());
    for node in keys(&left.nodes, &right.nodes) {
        let left_names = left.nodes.get(node).unwrap_or(&no_names);
        let right_names = right.nodes.get(node).unwrap_or(&no_names);
        for name in keys(left_names, right_names) {
            let left_ids = left_names.get(name).unwrap_or(&no_rows);
            let right_ids = right_names.get(name).unwrap_or(&no_rows);
            for id in keys(left_ids, right_ids) {
                let Some((field, left_value, right_value)) = differ(left_ids.get(id), right_ids.get(id)) else {
                    continue;
                };
                let difference = Difference {
                    node: *node,
                    node_name: name_of(left, *node).or_else(|| name_of(right, *node)),
                    component: name.clone(),
                    id: *id,
                    field,
                    left: left_value,
                    right: right_value,
                };
                if !visit(difference) {
                    return;
                }
            }
        }
    }
}

type FieldDifference = (String, Option<Value>, Option<Value>);

fn differ(left: Option<&Value>, right: Option<&Value>) -> Option<FieldDifference> {
    match (left, right) {
        (Some(left), Some(right)) => canon::first_difference(left, right),
        (left, right) => (left != right).then(|| (String::new(), left.cloned(), right.cloned())),
    }
}

fn keys<'a, K: Ord, V>(left: &'a BTreeMap<K, V>, right: &'a BTreeMap<K, V>) -> BTreeSet<&'a K> {
    left.keys().chain(right.keys()).collect()
}

fn name_of(snapshot: &Snapshot, node: NodeId) -> Option<String> {
    let row = snapshot.row("node", RowId::of_node(node))?;
    row.get("name")?.as_str().map(str::to_owned)
}
