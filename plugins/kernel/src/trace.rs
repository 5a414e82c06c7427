//! Traces of calls, as strace prints them.
//!
//! For the host there is one bounded ring ([`TraceRing`]), which is not state. For a program that traces another, lines
//! are queued to it as state ([`Traces`]), bounded, with a count of those dropped.

use std::collections::VecDeque;
use std::fmt::Write as _;

use bevy_ecs::prelude::*;
use helios_abi::{ProcKey, Tick, Value};

use crate::index::KernelIndex;
use crate::machine::truncate;
use crate::process::{TraceQueue, Traces};
use crate::rows;
use crate::syscall::{Completion, SysResult};
use crate::wait::{WaitKey, wake};

/// Lines that a tracing program may leave unread; the oldest are dropped and counted.
pub const QUEUE_LINES: usize = 1024;
/// Lines that the host's ring keeps.
pub const RING_LINES: usize = 4096;
/// Longest line, in bytes.
pub const LINE_BYTES: usize = 512;
/// Bytes of a text or byte argument that are shown.
const SHOWN_BYTES: usize = 32;

/// One traced call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceLine {
    /// When.
    pub tick: Tick,
    /// Who.
    pub process: ProcKey,
    /// The call and its answer.
    pub text: String,
}

/// The last calls of the whole world, for inspectors. It keeps nothing until it is switched on.
#[derive(Resource, Default, Debug)]
pub struct TraceRing {
    /// Whether it records.
    pub on: bool,
    /// Oldest first.
    pub lines: VecDeque<TraceLine>,
    /// Lines dropped because nobody took them.
    pub dropped: u64,
}

/// Whether anybody sees the calls of a process.
pub(crate) fn wanted(world: &World, entity: Entity) -> bool {
    world.resource::<TraceRing>().on || world.get::<Traces>(entity).is_some_and(|traces| traces.by.is_some())
}

/// Records a call: with its arguments when it is made, without them when one that waited is answered.
pub(crate) fn record(world: &mut World, key: ProcKey, name: &str, args: Option<&Value>, result: &SysResult<Value>) {
    let mut text = format_call(name, args, result);
    truncate(&mut text, LINE_BYTES);
    let tick = rows::now(world);
    let mut ring = world.resource_mut::<TraceRing>();
    if ring.on {
        ring.lines.push_back(TraceLine {
            tick,
            process: key,
            text: text.clone(),
        });
        if ring.lines.len() > RING_LINES {
            ring.lines.pop_front();
            ring.dropped += 1;
        }
    }
    let traced = world
        .resource::<KernelIndex>()
        .process(key)
        .and_then(|entity| world.get::<Traces>(entity));
    if let Some(by) = traced.and_then(|traces| traces.by) {
        push(world, ProcKey { pid: by, ..key }, key, |queue| {
            queue.lines.push_back(text);
            if queue.lines.len() > QUEUE_LINES {
                queue.lines.pop_front();
                queue.dropped += 1;
            }
        });
    }
}

fn push(world: &mut World, tracer: ProcKey, traced: ProcKey, change: impl FnOnce(&mut TraceQueue)) {
    let entity = world.resource::<KernelIndex>().process(tracer);
    let traces = entity.and_then(|entity| world.get_mut::<Traces>(entity));
    if let Some(queue) = traces.and_then(|traces| traces.into_inner().of.get_mut(&traced.pid)) {
        change(queue);
        wake(world, tracer.node, WaitKey::Trace(tracer.pid));
    }
}

/// A process ends: its tracer hears of it, and what it traced is free.
pub(crate) fn on_end(world: &mut World, key: ProcKey, entity: Entity) {
    let Some(traces) = world.get::<Traces>(entity).cloned() else {
        return;
    };
    if let Some(by) = traces.by {
        push(world, ProcKey { pid: by, ..key }, key, |queue| queue.ended = true);
    }
    let_go(world, key, traces.of.into_keys());
}

/// Another program takes a process's place: what the old one traced is free, and who traces the process goes on.
pub(crate) fn free_traced(world: &mut World, key: ProcKey, entity: Entity) {
    let Some(mut traces) = world.get_mut::<Traces>(entity) else {
        return;
    };
    let of = std::mem::take(&mut traces.of);
    let_go(world, key, of.into_keys());
}

fn let_go(world: &mut World, key: ProcKey, traced: impl Iterator<Item = helios_abi::Pid>) {
    for pid in traced {
        let other = world.resource::<KernelIndex>().process(ProcKey { pid, ..key });
        if let Some(mut other) = other.and_then(|entity| world.get_mut::<Traces>(entity)) {
            other.by = None;
        }
    }
}

/// A call as strace prints it: `read(fd=0, count=4) = "abcd"`.
#[must_use]
pub fn format_call(name: &str, args: Option<&Value>, result: &SysResult<Value>) -> String {
    let mut text = String::new();
    match args {
        None => _ = write!(text, "<... {name} resumed>"),
        Some(Value::Map(map)) => {
            _ = write!(text, "{name}(");
            for (at, (field, value)) in map.iter().enumerate() {
                _ = write!(text, "{}{field}=", if at > 0 { ", " } else { "" });
                format_value(&mut text, value);
            }
            text.push(')');
        }
        Some(other) => {
            _ = write!(text, "{name}(");
            format_value(&mut text, other);
            text.push(')');
        }
    }
    match result {
        Ok(Completion::Done(value)) => {
            text.push_str(" = ");
            format_value(&mut text, value);
        }
        Ok(Completion::Pending(_)) => text.push_str(" <unfinished ...>"),
        Ok(Completion::Gone) => text.push_str(" = 0"),
        Err(error) => _ = write!(text, " = {} ({})", error.errno, error.message),
    }
    text
}

fn format_value(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => _ = write!(text, "{value}"),
        Value::Int(value) => _ = write!(text, "{value}"),
        Value::Str(value) => quote(text, value.as_bytes()),
        Value::Bytes(value) => quote(text, value),
        Value::List(items) => {
            text.push('[');
            for (at, item) in items.iter().take(8).enumerate() {
                text.push_str(if at > 0 { ", " } else { "" });
                format_value(text, item);
            }
            text.push_str(if items.len() > 8 { ", ...]" } else { "]" });
        }
        Value::Map(map) => {
            text.push('{');
            for (at, (field, item)) in map.iter().take(8).enumerate() {
                _ = write!(text, "{}{field}=", if at > 0 { ", " } else { "" });
                format_value(text, item);
            }
            text.push_str(if map.len() > 8 { ", ...}" } else { "}" });
        }
    }
}

fn quote(text: &mut String, bytes: &[u8]) {
    text.push('"');
    for &byte in bytes.iter().take(SHOWN_BYTES) {
        match byte {
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            b'"' | b'\\' => _ = write!(text, "\\{}", char::from(byte)),
            0x20..=0x7e => text.push(char::from(byte)),
            _ => _ = write!(text, "\\x{byte:02x}"),
        }
    }
    text.push_str(if bytes.len() > SHOWN_BYTES { "\"..." } else { "\"" });
}

#[cfg(test)]
mod tests {
    use super::*;
    use helios_abi::{Errno, SysError};

    fn args(fields: &[(&str, Value)]) -> Value {
        Value::Map(
            fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
        )
    }

    #[test]
    fn calls_look_like_straces() {
        let read = args(&[("count", Value::Int(64)), ("fd", Value::Int(0))]);
        let done = Ok(Completion::Done(Value::Bytes(b"hi\n\xff".to_vec().into())));
        assert_eq!(
            format_call("read", Some(&read), &done),
            r#"read(count=64, fd=0) = "hi\n\xff""#
        );
        let pending = Ok(Completion::Pending(Default::default()));
        assert_eq!(
            format_call("read", Some(&read), &pending),
            "read(count=64, fd=0) <unfinished ...>"
        );
        assert_eq!(format_call("read", None, &done), r#"<... read resumed> = "hi\n\xff""#);
        let open = args(&[("path", Value::Str("/x".repeat(40)))]);
        let failed = Err(SysError::new(Errno::ENOENT, "no such file"));
        let want = format!("open(path=\"{}\"...) = ENOENT (no such file)", "/x".repeat(16));
        assert_eq!(format_call("open", Some(&open), &failed), want);
    }
}
