//! Rows of earlier schemas, turned into those of the next.
//!
//! 0.1 knew no sessions, groups, niceness, limits, masks and settings of terminals.

use serde_json::{Map, Value, json};

use crate::files::tty;

type Migrated = Result<Value, String>;

fn object(row: Value) -> Result<Map<String, Value>, String> {
    match row {
        Value::Object(map) => Ok(map),
        _ => Err("expected an object".to_owned()),
    }
}

fn add(row: Value, fields: Value) -> Migrated {
    let mut map = object(row)?;
    map.extend(object(fields)?);
    Ok(Value::Object(map))
}

pub(crate) fn accounting(row: Value) -> Migrated {
    let bounds = serde_json::to_value(crate::process::Bounds::default()).map_err(|error| error.to_string())?;
    add(row, json!({ "children_gas": 0, "nice": 0, "bounds": bounds }))
}

/// Every process led a session of its own.
pub(crate) fn family(row: Value) -> Migrated {
    let pid = row.get("pid").cloned().ok_or("a process without a pid")?;
    add(row, json!({ "pgid": pid, "sid": pid }))
}

pub(crate) fn run(row: Value) -> Migrated {
    let mut row = add(row, json!({ "change": null, "first_slice": 0 }))?;
    if let Some(status) = row.pointer_mut("/life/Zombie").and_then(Value::as_object_mut) {
        status.insert("stopped".to_owned(), Value::Null);
        status.insert("continued".to_owned(), Value::Null);
        status.insert("cpu_us".to_owned(), json!(0));
    }
    Ok(row)
}

pub(crate) fn journal(row: Value) -> Migrated {
    add(row, json!({ "held_bytes": 0 }))
}

/// What a tail is left the rows, for it hangs on where checkpoints were made. Without any it was the whole journal's.
pub(crate) fn journal_sizes(row: Value) -> Migrated {
    let mut row = object(row)?;
    let bytes = row.remove("tail_bytes").ok_or("a journal without its size")?;
    row.insert("bytes".to_owned(), bytes);
    row.remove("held_bytes");
    Ok(Value::Object(row))
}

/// Slices held every byte array; those of an old save go on doing so, as their digests demand.
pub(crate) fn journal_tail(row: Value) -> Migrated {
    let mut row = object(row)?;
    let slices = row.get_mut("slices").and_then(Value::as_array_mut);
    for slice in slices.ok_or("a journal without slices")? {
        *slice = add(slice.take(), json!({ "given": [], "made": [] }))?;
    }
    Ok(Value::Object(row))
}

pub(crate) fn signals(row: Value) -> Migrated {
    add(row, json!({ "blocked": [], "pending": [] }))
}

/// The settings were three switches; what was under edit and unread stays. Descriptions are counted anew after a restore.
pub(crate) fn tty(row: Value) -> Migrated {
    let mut map = object(row)?;
    let mut line = object(map.remove("line").ok_or("a terminal without a line")?)?;
    line.remove("mode");
    line.extend(object(json!({
        "termios": serde_json::to_value(tty::sane()).map_err(|error| error.to_string())?,
        "literal": false,
        "stopped": false,
        "column": 0,
        "start_column": 0,
    }))?);
    map.insert("line".to_owned(), Value::Object(line));
    map.extend(object(json!({
        "master": "Console",
        "slaves": 0,
        "session": null,
        "foreground": null,
        "hung_up": false,
        "owner": 0,
    }))?);
    Ok(Value::Object(map))
}
