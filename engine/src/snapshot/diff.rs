//! The first difference between two snapshots.

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
    for node in keys(&left.nodes, &right.nodes) {
        let (left_rows, right_rows) = (left.nodes.get(node), right.nodes.get(node));
        let empty = BTreeMap::new();
        let (left_names, right_names) = (left_rows.unwrap_or(&empty), right_rows.unwrap_or(&empty));
        for name in keys(left_names, right_names) {
            let none = BTreeMap::new();
            let (left_ids, right_ids) = (left_names.get(name), right_names.get(name));
            let (left_ids, right_ids) = (left_ids.unwrap_or(&none), right_ids.unwrap_or(&none));
            for id in keys(left_ids, right_ids) {
                if let Some((field, left_value, right_value)) = differ(left_ids.get(id), right_ids.get(id)) {
                    return Some(Difference {
                        node: *node,
                        node_name: name_of(left, *node).or_else(|| name_of(right, *node)),
                        component: name.clone(),
                        id: *id,
                        field,
                        left: left_value,
                        right: right_value,
                    });
                }
            }
        }
    }
    None
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
