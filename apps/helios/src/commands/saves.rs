//! `helios saves`: the list of saves.

use serde_json::json;

use crate::args::SavesArgs;
use crate::error::{Failure, Outcome};
use crate::slots::{Entry, list};

/// Runs the command.
///
/// # Errors
/// If the folder cannot be read, or there is no such save to remove.
pub(super) fn saves(args: &SavesArgs) -> Outcome {
    if let Some(slot) = &args.remove {
        slot.remove()?;
        return Ok(0);
    }
    let entries = list()?;
    if args.json {
        for entry in &entries {
            println!("{}", to_json(entry)?);
        }
        return Ok(0);
    }
    if entries.is_empty() {
        println!("there are no saves");
        return Ok(0);
    }
    let width = entries
        .iter()
        .map(|entry| entry.slot.to_string().len())
        .max()
        .unwrap_or(0);
    let width = width.max("NAME".len());
    println!(
        "{:<width$}  {:<16}  {:>9}  {:>12}  {:<12}  TITLE",
        "NAME", "SAVED (UTC)", "PLAYED", "TICK", "HASH"
    );
    for entry in &entries {
        show(entry, width);
    }
    Ok(0)
}

fn show(entry: &Entry, width: usize) {
    let name = entry.slot.to_string();
    match &entry.manifest {
        Ok(manifest) => {
            let (saved, played) = (date(manifest.saved_unix_ms), duration(manifest.play_ms));
            let hash = &manifest.hash.to_string()[..12];
            println!(
                "{name:<width$}  {saved:<16}  {played:>9}  {:>12}  {hash}  {}",
                manifest.tick, manifest.title
            );
            for line in &manifest.screen {
                println!("{:width$}  | {line}", "");
            }
        }
        Err(problem) => println!("{name:<width$}  ({} KiB; {problem})", entry.bytes / 1024),
    }
}

fn to_json(entry: &Entry) -> Result<serde_json::Value, Failure> {
    let manifest = match &entry.manifest {
        Ok(manifest) => serde_json::to_value(manifest).map_err(|error| Failure::new(error.to_string()))?,
        Err(_) => serde_json::Value::Null,
    };
    Ok(json!({
        "slot": entry.slot.to_string(),
        "file": entry.path,
        "bytes": entry.bytes,
        "manifest": manifest,
        "problem": entry.manifest.as_ref().err(),
    }))
}

/// A length of time, in its two largest units.
pub(super) fn duration(ms: u64) -> String {
    let (seconds, minutes, hours) = (ms / 1_000, ms / 60_000, ms / 3_600_000);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} m {} s", seconds % 60),
        _ => format!("{hours} h {} m", minutes % 60),
    }
}

/// A moment in UTC, to the minute.
pub(super) fn date(unix_ms: u64) -> String {
    let (minutes, days) = (unix_ms / 60_000 % 1_440, unix_ms / 86_400_000);
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}", minutes / 60, minutes % 60)
}

/// The Gregorian date of a day counted from 1970-01-01.
fn civil(days: u64) -> (u64, u64, u64) {
    let leap = |year: u64| (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    // 400 years have as many days each time.
    let (mut year, mut rest) = (1970 + days / 146_097 * 400, days % 146_097);
    loop {
        let length = 365 + u64::from(leap(year));
        if rest < length {
            break;
        }
        rest -= length;
        year += 1;
    }
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in lengths {
        if rest < length {
            break;
        }
        rest -= length;
        month += 1;
    }
    (year, month, rest + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_dates() {
        for (ms, text) in [
            (0, "1970-01-01 00:00"),
            (951_782_399_000, "2000-02-28 23:59"),
            (951_782_400_000, "2000-02-29 00:00"),
            (2_051_222_400_000, "2035-01-01 00:00"),
            (4_107_542_399_999, "2100-02-28 23:59"),
            (4_107_542_400_000, "2100-03-01 00:00"),
            (253_402_300_799_999, "9999-12-31 23:59"),
        ] {
            assert_eq!(date(ms), text);
        }
        date(u64::MAX);
    }

    #[test]
    fn lengths_of_time_have_two_units() {
        for (ms, text) in [
            (999, "0 s"),
            (61_000, "1 m 1 s"),
            (3_600_000, "1 h 0 m"),
            (90_061_000, "25 h 1 m"),
        ] {
            assert_eq!(duration(ms), text);
        }
    }
}
