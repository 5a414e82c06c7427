//! ISO 9660 (ECMA-119) with Rock Ridge (RRIP 1.09 over SUSP 1.12): the discs that other systems read and write too.
//!
//! What is written has both: upper-case names for readers that know no better, and the real names, modes, owners, times,
//! links and devices in Rock Ridge's entries. What is read may be anything: every number is checked against the file
//! before it is followed, directories are visited once, and what is found becomes a tree with a tree's own checks.

mod read;
mod susp;
mod write;

pub use read::{is_iso, read};
pub use write::write;

/// Bytes of a sector, and of a logical block.
const SECTOR: usize = 2048;
/// Where volume descriptors begin: the first sixteen sectors are the system's.
const FIRST_DESCRIPTOR: usize = 16;
/// What every volume descriptor has after its type.
const STANDARD_ID: &[u8; 5] = b"CD001";

/// Type bits of POSIX modes, as discs of other systems have them.
mod posix {
    pub(super) const TYPE: u32 = 0o170_000;
    pub(super) const DIR: u32 = 0o040_000;
    pub(super) const FILE: u32 = 0o100_000;
    pub(super) const SYMLINK: u32 = 0o120_000;
    pub(super) const CHAR_DEVICE: u32 = 0o020_000;
    pub(super) const BLOCK_DEVICE: u32 = 0o060_000;
}

/// A calendar day and time of milliseconds since the Unix epoch: year, month, day, hour, minute, second.
fn civil(ms: u64) -> (u64, u8, u8, u8, u8, u8) {
    let (days, seconds) = (ms / 86_400_000, ms / 1000 % 86_400);
    // Days from 1 March of year 0, in eras of 400 years (Howard Hinnant's civil_from_days).
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let clock = |part: u64| part as u8;
    (
        year,
        month as u8,
        day as u8,
        clock(seconds / 3600),
        clock(seconds / 60 % 60),
        clock(seconds % 60),
    )
}

/// Milliseconds since the Unix epoch of a day and time; 0 of what is before it or no day.
fn unix_ms(year: u64, month: u64, day: u64, seconds: u64) -> u64 {
    if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return 0;
    }
    let shifted = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (shifted / 400, shifted % 400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    (days.saturating_sub(719_468) * 86_400 + seconds) * 1000
}
