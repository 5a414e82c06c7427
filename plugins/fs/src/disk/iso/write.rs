//! From a tree to a disc.
//!
//! Sectors in order: sixteen of the system's, the primary descriptor, the terminator, the two path tables, each
//! directory followed by where its records' entries go on, the files.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use helios_engine::blobs::BlobId;

use super::susp::{self, CONTINUATION_BYTES, both, record_time};
use super::{FIRST_DESCRIPTOR, SECTOR, STANDARD_ID, civil};
use crate::disk::file::IMAGE_BYTES;
use crate::disk::tree::{ImageError, Tree, TreeBody};

/// Longest name of a record for readers without Rock Ridge, the version left out.
const NAME_BYTES: usize = 24;
/// Most bytes of a directory record, an even number.
const RECORD_BYTES: usize = 254;
/// Where the path tables begin.
const PATH_TABLES: usize = FIRST_DESCRIPTOR + 2;

/// Writes a disc of a tree whose pieces `chunk` finds.
///
/// # Errors
/// When a piece is missing, or the disc is beyond what discs hold.
pub fn write<'b>(tree: &Tree, chunk: impl Fn(&BlobId) -> Option<&'b [u8]>) -> Result<Vec<u8>, ImageError> {
    if tree.content_bytes() > IMAGE_BYTES {
        return Err(ImageError::new(format!("its files have more than {IMAGE_BYTES} bytes")));
    }
    let dirs = directories(tree)?;
    let mut plan = Plan::default();
    let table_bytes: usize = dirs.iter().map(|dir| path_record_bytes(&dir.iso_name)).sum();
    plan.next = PATH_TABLES + 2 * table_bytes.div_ceil(SECTOR);
    for dir in &dirs {
        plan.place_directory(tree, dir, &dirs)?;
    }
    for (at, node) in tree.nodes().iter().enumerate() {
        if let TreeBody::File { size, .. } = &node.body {
            let sectors = size.div_ceil(SECTOR as u64) as usize;
            plan.extents
                .insert(at as u64 + 1, if *size == 0 { 0 } else { plan.next });
            plan.next += sectors;
        }
    }
    let mut out = vec![0; plan.next * SECTOR];
    descriptors(tree, &plan, &dirs, table_bytes, &mut out);
    path_tables(&plan, &dirs, table_bytes, &mut out);
    for dir in &dirs {
        write_directory(tree, dir, &dirs, &plan, &mut out)?;
    }
    for (at, node) in tree.nodes().iter().enumerate() {
        let TreeBody::File { chunks, .. } = &node.body else {
            continue;
        };
        let mut offset = plan.extents[&(at as u64 + 1)] * SECTOR;
        for id in chunks {
            let bytes = chunk(id).ok_or_else(|| ImageError::new(format!("piece {id} is missing")))?;
            out[offset..offset + bytes.len()].copy_from_slice(bytes);
            offset += bytes.len();
        }
    }
    Ok(out)
}

/// A directory on its way to the disc.
struct Directory {
    place: u64,
    /// The place of its parent among the directories.
    above: usize,
    iso_name: Vec<u8>,
    /// Its entries in the order of their plain names.
    entries: Vec<(Vec<u8>, String, u64)>,
}

/// All directories, level by level: the order of the path table.
fn directories(tree: &Tree) -> Result<Vec<Directory>, ImageError> {
    let mut dirs: Vec<Directory> = Vec::new();
    let mut todo = VecDeque::from([(1, 0, vec![0])]);
    while let Some((place, above, iso_name)) = todo.pop_front() {
        let mut taken = BTreeSet::new();
        let mut entries: Vec<(Vec<u8>, String, u64)> = tree
            .entries(place)
            .map(|(name, child)| {
                let is_dir = is_dir(tree, child);
                (plain_name(name, is_dir, &mut taken), name.to_owned(), child)
            })
            .collect();
        entries.sort();
        let at = dirs.len();
        let below = entries.iter().filter(|(_, _, child)| is_dir(tree, *child));
        todo.extend(below.map(|(plain, _, child)| (*child, at, plain.clone())));
        dirs.push(Directory {
            place,
            above,
            iso_name,
            entries,
        });
    }
    if dirs.len() > usize::from(u16::MAX) {
        return Err(ImageError::new("a disc has at most 65535 directories"));
    }
    Ok(dirs)
}

fn is_dir(tree: &Tree, place: u64) -> bool {
    tree.inode(place).is_some_and(|node| node.body == TreeBody::Dir)
}

/// A name of upper-case letters, digits and underscores that no other entry of the directory has.
fn plain_name(name: &str, is_dir: bool, taken: &mut BTreeSet<Vec<u8>>) -> Vec<u8> {
    let clean = |text: &str, most: usize| -> Vec<u8> {
        let letter = |letter: char| {
            if letter.is_ascii_alphanumeric() {
                letter.to_ascii_uppercase() as u8
            } else {
                b'_'
            }
        };
        text.chars().take(most).map(letter).collect()
    };
    let (stem, suffix) = match name.rsplit_once('.') {
        Some((stem, suffix)) if !is_dir && !stem.is_empty() => (stem, clean(suffix, 8)),
        _ => (name, Vec::new()),
    };
    let stem = clean(stem, NAME_BYTES - 8);
    for number in 0_u64.. {
        let mut whole = stem.clone();
        if number > 0 {
            whole.extend(format!("_{number}").bytes());
        }
        if !is_dir {
            whole.push(b'.');
            whole.extend(&suffix);
            whole.extend(b";1");
        }
        if taken.insert(whole.clone()) {
            return whole;
        }
    }
    unreachable!("a directory has fewer entries than there are numbers")
}

/// The records of a directory: its own, its parent's, its entries'. Each with the name it has in the record, the real
/// name, and the node's place.
fn records<'d>(dir: &'d Directory, dirs: &'d [Directory]) -> impl Iterator<Item = (&'d [u8], &'d str, u64)> {
    let own: (&[u8], &str, u64) = (&[0], "", dir.place);
    let parent: (&[u8], &str, u64) = (&[1], "", dirs[dir.above].place);
    let entries = dir
        .entries
        .iter()
        .map(|(plain, name, child)| (plain.as_slice(), name.as_str(), *child));
    [own, parent].into_iter().chain(entries)
}

/// The system-use entries of a record, in areas: the record's own, and those in which they go on.
fn areas(tree: &Tree, plain: &[u8], name: &str, place: u64, root: bool) -> Vec<Vec<u8>> {
    let node = tree.inode(place).expect("entries name inodes");
    let mut entries = susp::entries(node, name, tree.nlink(place));
    if root && plain == [0] {
        entries.insert(0, susp::indicator());
        entries.push(susp::extension());
    }
    let mut areas = vec![Vec::new()];
    let mut room = RECORD_BYTES - head_bytes(plain);
    let total: usize = entries.iter().map(Vec::len).sum();
    let mut left = total;
    for entry in entries {
        let last = areas.last_mut().expect("there is one from the start");
        // Where not all that is left fits, room is kept for the entry that says where it goes on.
        let wanted = if last.len() + left <= room {
            0
        } else {
            CONTINUATION_BYTES
        };
        left -= entry.len();
        if last.len() + entry.len() + wanted > room {
            room = SECTOR - CONTINUATION_BYTES;
            areas.push(entry);
        } else {
            last.extend(entry);
        }
    }
    areas
}

/// Bytes of a record before its entries: the fixed part and the name, padded to an even number.
const fn head_bytes(plain: &[u8]) -> usize {
    (33 + plain.len()).next_multiple_of(2)
}

fn path_record_bytes(name: &[u8]) -> usize {
    (8 + name.len()).next_multiple_of(2)
}

#[derive(Default)]
struct Plan {
    next: usize,
    /// Where files and directories begin, by place in the tree.
    extents: BTreeMap<u64, usize>,
    /// Bytes of directories, whole sectors.
    sizes: BTreeMap<u64, usize>,
}

impl Plan {
    fn place_directory(&mut self, tree: &Tree, dir: &Directory, dirs: &[Directory]) -> Result<(), ImageError> {
        let (mut bytes, mut more) = (0, 0);
        for (plain, name, place) in records(dir, dirs) {
            let areas = areas(tree, plain, name, place, dir.place == 1);
            let record = record_bytes(plain, &areas);
            bytes = fit(bytes, record) + record;
            for area in &areas[1..] {
                more = fit(more, area.len() + CONTINUATION_BYTES) + area.len() + CONTINUATION_BYTES;
            }
        }
        let sectors = bytes.div_ceil(SECTOR);
        self.extents.insert(dir.place, self.next);
        self.sizes.insert(dir.place, sectors * SECTOR);
        self.next += sectors + more.div_ceil(SECTOR);
        u32::try_from(self.next).map_err(|_| ImageError::new("a disc has at most 2^32 sectors"))?;
        Ok(())
    }
}

fn record_bytes(plain: &[u8], areas: &[Vec<u8>]) -> usize {
    let more = if areas.len() > 1 { CONTINUATION_BYTES } else { 0 };
    (head_bytes(plain) + areas[0].len() + more).next_multiple_of(2)
}

/// The first offset from `at` on at which `len` bytes do not cross a sector's end.
const fn fit(at: usize, len: usize) -> usize {
    if at % SECTOR + len > SECTOR {
        at.next_multiple_of(SECTOR)
    } else {
        at
    }
}

fn write_directory(
    tree: &Tree,
    dir: &Directory,
    dirs: &[Directory],
    plan: &Plan,
    out: &mut [u8],
) -> Result<(), ImageError> {
    let start = plan.extents[&dir.place] * SECTOR;
    let behind = start + plan.sizes[&dir.place];
    let (mut at, mut more) = (0, 0);
    for (plain, name, place) in records(dir, dirs) {
        let mut areas = areas(tree, plain, name, place, dir.place == 1);
        // From the last to the first, each says where the next one is.
        let mut next: Option<Vec<u8>> = None;
        let mut places = Vec::new();
        for area in &areas[1..] {
            let len = area.len() + CONTINUATION_BYTES;
            more = fit(more, len);
            places.push(behind + more);
            more += len;
        }
        for (area, offset) in areas[1..].iter_mut().zip(&places).rev() {
            area.extend(next.take().unwrap_or_default());
            out[*offset..offset + area.len()].copy_from_slice(area);
            let sector = (offset / SECTOR) as u32;
            next = Some(susp::continuation(sector, (offset % SECTOR) as u32, area.len() as u32));
        }
        areas[0].extend(next.unwrap_or_default());
        let record = record(tree, plan, plain, place, &areas[0]);
        at = fit(at, record.len());
        out[start + at..start + at + record.len()].copy_from_slice(&record);
        at += record.len();
    }
    Ok(())
}

fn record(tree: &Tree, plan: &Plan, plain: &[u8], place: u64, system_use: &[u8]) -> Vec<u8> {
    let node = tree.inode(place).expect("entries name inodes");
    let extent = plan.extents.get(&place).copied().unwrap_or(0);
    let size = match node.body {
        TreeBody::Dir => plan.sizes[&place] as u64,
        TreeBody::File { size, .. } => size,
        _ => 0,
    };
    let mut out = vec![0, 0];
    out.extend(both(extent as u32));
    out.extend(both(size as u32));
    out.extend(record_time(node.mtime_ms));
    out.push(if node.body == TreeBody::Dir { 2 } else { 0 });
    out.extend([0, 0, 1, 0, 0, 1]);
    out.push(plain.len() as u8);
    out.extend(plain);
    if !out.len().is_multiple_of(2) {
        out.push(0);
    }
    out.extend(system_use);
    if !out.len().is_multiple_of(2) {
        out.push(0);
    }
    out[0] = out.len() as u8;
    out
}

fn path_tables(plan: &Plan, dirs: &[Directory], table_bytes: usize, out: &mut [u8]) {
    let little = PATH_TABLES * SECTOR;
    let big = little + table_bytes.next_multiple_of(SECTOR);
    let mut at = 0;
    for dir in dirs {
        let extent = plan.extents[&dir.place] as u32;
        let above = dir.above as u16 + 1;
        let name = dir.iso_name.as_slice();
        for (table, extent, above) in [
            (little, extent.to_le_bytes(), above.to_le_bytes()),
            (big, extent.to_be_bytes(), above.to_be_bytes()),
        ] {
            let record = &mut out[table + at..];
            record[0] = name.len() as u8;
            record[2..6].copy_from_slice(&extent);
            record[6..8].copy_from_slice(&above);
            record[8..8 + name.len()].copy_from_slice(name);
        }
        at += path_record_bytes(name);
    }
}

fn descriptors(tree: &Tree, plan: &Plan, dirs: &[Directory], table_bytes: usize, out: &mut [u8]) {
    let root = &dirs[0];
    let at = FIRST_DESCRIPTOR * SECTOR;
    let sectors = plan.next as u32;
    let primary = &mut out[at..at + SECTOR];
    primary[0] = 1;
    primary[1..6].copy_from_slice(STANDARD_ID);
    primary[6] = 1;
    primary[8..72].fill(b' ');
    primary[8..14].copy_from_slice(b"HELIOS");
    let label = tree.label().bytes().map(|byte| match byte.to_ascii_uppercase() {
        byte @ (b'A'..=b'Z' | b'0'..=b'9' | b'_') => byte,
        _ => b'_',
    });
    for (at, byte) in label.enumerate() {
        primary[40 + at] = byte;
    }
    primary[80..88].copy_from_slice(&both(sectors));
    let both16 = |value: u16| [value.to_le_bytes(), value.to_be_bytes()].concat();
    primary[120..124].copy_from_slice(&both16(1));
    primary[124..128].copy_from_slice(&both16(1));
    primary[128..132].copy_from_slice(&both16(SECTOR as u16));
    primary[132..140].copy_from_slice(&both(table_bytes as u32));
    primary[140..144].copy_from_slice(&(PATH_TABLES as u32).to_le_bytes());
    let big = PATH_TABLES + table_bytes.div_ceil(SECTOR);
    primary[148..152].copy_from_slice(&(big as u32).to_be_bytes());
    let record = record(tree, plan, &[0], root.place, &[]);
    primary[156..190].copy_from_slice(&record);
    primary[190..813].fill(b' ');
    // When it was made and changed: as old as its root. It never expires, and is in force from the start.
    let made = long_time(tree.nodes()[0].mtime_ms);
    for at in [813, 830] {
        primary[at..at + 17].copy_from_slice(&made);
    }
    for at in [847, 864] {
        primary[at..at + 16].fill(b'0');
    }
    primary[881] = 1;
    let last = &mut out[at + SECTOR..at + 2 * SECTOR];
    last[0] = 255;
    last[1..6].copy_from_slice(STANDARD_ID);
    last[6] = 1;
}

/// A time as descriptors have it: sixteen digits and a zone.
fn long_time(ms: u64) -> [u8; 17] {
    let (year, month, day, hour, minute, second) = civil(ms);
    let text = format!(
        "{:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}00",
        year.min(9999)
    );
    let mut out = [0; 17];
    out[..16].copy_from_slice(text.as_bytes());
    out
}
