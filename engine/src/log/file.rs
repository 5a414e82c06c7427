//! Logs as text: a header line, then a line of canonical JSON for each record.

use serde::{Deserialize, Serialize};

use crate::canon;
use crate::hash::Hash;
use crate::ids::Tick;
use crate::versions::{FORMAT, Versions};

use super::{Body, MAX_COMMAND_NAME_BYTES, MAX_PAYLOAD_BYTES, MAX_RECORDS, Record};

/// The largest log that is read, in bytes.
pub const MAX_LOG_BYTES: usize = 1 << 30;

/// The longest line: a record with the largest payload, every byte of it escaped.
const MAX_LINE_BYTES: usize = MAX_PAYLOAD_BYTES + 4096;

/// The first line of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogHeader {
    /// [`FORMAT`].
    pub format: u32,
    /// Versions of the build that wrote it.
    pub versions: Versions,
    /// Digest of the snapshot from which it starts.
    pub snapshot: Hash,
    /// The tick of that snapshot.
    pub start: Tick,
    /// Where it branches off, if it does.
    pub parent: Option<Parent>,
}

/// The log that another branches off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parent {
    /// SHA-256 of its text.
    pub log: Hash,
    /// The last tick that both share.
    pub tick: Tick,
}

/// A whole log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFile {
    /// Its first line.
    pub header: LogHeader,
    /// Its records in the order of writing.
    pub records: Vec<Record>,
}

impl LogFile {
    /// SHA-256 of the text: what a branch names as its parent.
    #[must_use]
    pub fn digest(&self) -> Hash {
        helios_abi::sha256(write_log(self).as_bytes())
    }
}

/// Why a log could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct LogReadError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

/// The text of a log.
///
/// # Panics
/// When a record holds what canonical JSON does not; the log lets none in.
#[must_use]
pub fn write_log(log: &LogFile) -> String {
    let line = |json: Result<Vec<u8>, canon::CanonError>| {
        let bytes = json.expect("the log holds canonical values");
        String::from_utf8(bytes).expect("canonical JSON is UTF-8") + "\n"
    };
    let mut text = line(canon::to_json(&log.header));
    text.extend(log.records.iter().map(|record| line(canon::to_json(record))));
    text
}

/// Reads a log.
///
/// # Errors
/// When a line is not exactly what [`write_log`] writes, records are out of order, or a bound is passed.
pub fn read_log(text: &[u8]) -> Result<LogFile, LogReadError> {
    let fail = |line: usize, problem: String| LogReadError { line, problem };
    if text.len() > MAX_LOG_BYTES {
        return Err(fail(
            1,
            format!(
                "the log of {} bytes is over the limit of {MAX_LOG_BYTES} bytes",
                text.len()
            ),
        ));
    }
    let mut lines = text
        .split_inclusive(|byte| *byte == b'\n')
        .enumerate()
        .map(|(index, line)| (index + 1, line));
    let (_, first) = lines.next().ok_or_else(|| fail(1, "the log is empty".into()))?;
    let header: LogHeader = read_line(first).map_err(|problem| fail(1, problem))?;
    if header.format != FORMAT {
        let problem = format!("format {} is not one that this build reads ({FORMAT})", header.format);
        return Err(fail(1, problem));
    }
    let mut records: Vec<Record> = Vec::new();
    let mut order = Order {
        tick: header.start,
        seq: None,
    };
    for (number, line) in lines {
        if records.len() == MAX_RECORDS {
            return Err(fail(number, format!("the log has more than {MAX_RECORDS} records")));
        }
        let record: Record = read_line(line).map_err(|problem| fail(number, problem))?;
        order.admit(&record).map_err(|problem| fail(number, problem))?;
        records.push(record);
    }
    Ok(LogFile { header, records })
}

/// What the records read so far demand of the next one.
struct Order {
    tick: Tick,
    seq: Option<u64>,
}

impl Order {
    fn admit(&mut self, record: &Record) -> Result<(), String> {
        let Body::Command { name, payload } = &record.body else {
            return Ok(());
        };
        if record.tick <= self.tick && self.seq.is_none() {
            return Err(format!(
                "a command for tick {}, where the log starts after tick {}",
                record.tick, self.tick
            ));
        }
        if record.tick < self.tick {
            return Err(format!(
                "a command for tick {} after one for tick {}",
                record.tick, self.tick
            ));
        }
        if self.seq.is_some_and(|seq| record.seq != seq + 1) {
            return Err(format!(
                "command {} follows command {}",
                record.seq,
                self.seq.unwrap_or_default()
            ));
        }
        if name.is_empty() || name.len() > MAX_COMMAND_NAME_BYTES {
            return Err(format!("a command's name is 1 to {MAX_COMMAND_NAME_BYTES} bytes"));
        }
        if canon::to_bytes(payload).len() > MAX_PAYLOAD_BYTES {
            return Err(format!("the payload is over the limit of {MAX_PAYLOAD_BYTES} bytes"));
        }
        self.tick = record.tick;
        self.seq = Some(record.seq);
        Ok(())
    }
}

fn read_line<T: for<'de> Deserialize<'de> + Serialize>(line: &[u8]) -> Result<T, String> {
    let Some((b'\n', line)) = line.split_last() else {
        return Err("the line is cut off: it has no end".into());
    };
    if line.len() > MAX_LINE_BYTES {
        return Err(format!("the line is over the limit of {MAX_LINE_BYTES} bytes"));
    }
    let value: serde_json::Value =
        serde_json::from_slice(line).map_err(|error| format!("column {}: {error}", error.column()))?;
    canon::check(&value).map_err(|error| error.to_string())?;
    let read: T = serde_json::from_value(value).map_err(|error| error.to_string())?;
    let written = canon::to_json(&read).map_err(|error| error.to_string())?;
    if written != line {
        let column = written.iter().zip(line).take_while(|(a, b)| a == b).count() + 1;
        return Err(format!("column {column}: not in canonical form"));
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ids::{NodeId, Pid};
    use crate::log::VerdictReason;

    fn sample() -> LogFile {
        let command = |seq, tick, payload| Record {
            seq,
            tick: Tick(tick),
            node: NodeId(7),
            body: Body::Command {
                name: "type".into(),
                payload,
            },
        };
        LogFile {
            header: LogHeader {
                format: FORMAT,
                versions: Versions::default(),
                snapshot: helios_abi::sha256(b"snapshot"),
                start: Tick(0),
                parent: Some(Parent {
                    log: helios_abi::sha256(b"log"),
                    tick: Tick(4),
                }),
            },
            records: vec![
                command(3, 1, json!({"text": "ls\n"})),
                command(4, 2, json!(null)),
                Record {
                    seq: 5,
                    tick: Tick(2),
                    node: NodeId(7),
                    body: Body::Verdict {
                        pid: Pid(2),
                        slice: 9,
                        reason: VerdictReason::Heap,
                    },
                },
                Record {
                    seq: 5,
                    tick: Tick(3000),
                    node: NodeId(0),
                    body: Body::Epoch { hash: Hash::default() },
                },
            ],
        }
    }

    fn refused(text: &str, line: usize, problem: &str) {
        let error = read_log(text.as_bytes()).unwrap_err();
        assert_eq!(error.line, line, "{error}");
        assert!(error.problem.contains(problem), "{error}");
    }

    #[test]
    fn a_log_reads_back() {
        let log = sample();
        let text = write_log(&log);
        assert_eq!(text.lines().count(), 5);
        assert_eq!(read_log(text.as_bytes()).unwrap(), log);
        assert_eq!(read_log(text.as_bytes()).unwrap().digest(), log.digest());
    }

    #[test]
    fn damage_is_refused_with_its_line() {
        let text = write_log(&sample());
        let lines: Vec<&str> = text.lines().collect();
        refused("", 1, "empty");
        refused(&text[..text.len() - 1], 5, "cut off");
        refused(
            &text.replacen("\"seq\":4", "\"seq\":6", 1),
            3,
            "command 6 follows command 3",
        );
        refused(&text.replacen("\"seq\":4", "\"seq\": 4", 1), 3, "canonical");
        refused(&text.replacen("\"payload\":null", "\"payload\":1.5", 1), 3, "no floats");
        refused(
            &text.replacen("\"format\":1", "\"format\":2", 1),
            1,
            "format 2 is not one",
        );
        refused(&text.replacen("\"tick\":2", "\"tick\":0", 1), 3, "after one for tick 1");
        refused(&text.replacen("\"tick\":1", "\"tick\":0", 1), 2, "starts after tick 0");
        refused(
            &text.replacen("\"heap\"", "\"nap\"", 1).replacen("Heap", "Nap", 1),
            4,
            "Nap",
        );
        refused(&text.replacen("\"seq\":3", "\"seq\":3,\"sqe\":3", 1), 2, "sqe");
        refused(&format!("{}\n{}\n", lines[1], lines[2]), 1, "");
    }

    #[test]
    fn no_bytes_panic_the_reader() {
        let text = write_log(&sample());
        bolero::check!().with_iterations(2_000).for_each(|bytes: &[u8]| {
            let _ = read_log(bytes);
            // Damage in the midst of a log that is otherwise whole reaches further than noise does.
            if let [at, value, ..] = bytes {
                let mut damaged = text.clone().into_bytes();
                let index = usize::from(*at) * damaged.len() / 256;
                damaged[index] = *value;
                if let Ok(log) = read_log(&damaged) {
                    assert_eq!(write_log(&log).into_bytes(), damaged);
                }
            }
        });
    }
}
