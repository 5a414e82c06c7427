//! The System Use Sharing Protocol: Rock Ridge's entries behind a directory record, and where they go on.

use super::{civil, posix};
use crate::disk::tree::{ImageError, TreeBody, TreeNode};

/// Bytes of the entry that says where entries go on.
pub(super) const CONTINUATION_BYTES: usize = 28;
/// Most bytes of one entry.
const ENTRY_BYTES: usize = 255;

/// A number in both orders of bytes, as most numbers of a disc are.
pub(super) fn both(value: u32) -> [u8; 8] {
    let mut out = [0; 8];
    out[..4].copy_from_slice(&value.to_le_bytes());
    out[4..].copy_from_slice(&value.to_be_bytes());
    out
}

fn entry(name: &[u8; 2], body: &[u8]) -> Vec<u8> {
    let mut out = name.to_vec();
    out.push(body.len() as u8 + 4);
    out.push(1);
    out.extend(body);
    out
}

/// The entry with which the root says that entries follow.
pub(super) fn indicator() -> Vec<u8> {
    entry(b"SP", &[0xbe, 0xef, 0])
}

/// The entry with which the root says that they are Rock Ridge's.
pub(super) fn extension() -> Vec<u8> {
    const ID: &[u8] = b"RRIP_1991A";
    const DESCRIPTION: &[u8] = b"THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS";
    const SOURCE: &[u8] = b"PLEASE CONTACT DISC PUBLISHER FOR SPECIFICATION SOURCE";
    let mut body = vec![ID.len() as u8, DESCRIPTION.len() as u8, SOURCE.len() as u8, 1];
    body.extend(ID);
    body.extend(DESCRIPTION);
    body.extend(SOURCE);
    entry(b"ER", &body)
}

/// Where entries go on: sector, offset, length.
pub(super) fn continuation(sector: u32, offset: u32, len: u32) -> Vec<u8> {
    let body = [both(sector), both(offset), both(len)].concat();
    entry(b"CE", &body)
}

/// A time as directory records have it: seven bytes, UTC. Years end with 2155.
pub(super) fn record_time(ms: u64) -> [u8; 7] {
    let (year, month, day, hour, minute, second) = civil(ms);
    match u8::try_from(year.saturating_sub(1900)) {
        Ok(year) => [year, month, day, hour, minute, second, 0],
        Err(_) => [255, 12, 31, 23, 59, 59, 0],
    }
}

/// What Rock Ridge says of a node under a name: attributes, times, the name, the link, the device.
pub(super) fn entries(node: &TreeNode, name: &str, nlink: u32) -> Vec<Vec<u8>> {
    let kind = match node.body {
        TreeBody::Dir => posix::DIR,
        TreeBody::File { .. } | TreeBody::Link(_) => posix::FILE,
        TreeBody::Symlink(_) => posix::SYMLINK,
        TreeBody::Device(_) => posix::CHAR_DEVICE,
    };
    let attributes = [both(kind | node.perms), both(nlink), both(node.uid), both(node.gid)].concat();
    let mut out = vec![entry(b"PX", &attributes)];
    let mut times = vec![0x02];
    times.extend(record_time(node.mtime_ms));
    out.push(entry(b"TF", &times));
    let mut rest = name.as_bytes();
    while !rest.is_empty() {
        let (part, after) = rest.split_at(rest.len().min(ENTRY_BYTES - 5));
        let mut body = vec![u8::from(!after.is_empty())];
        body.extend(part);
        out.push(entry(b"NM", &body));
        rest = after;
    }
    match &node.body {
        TreeBody::Symlink(target) => out.extend(link(target)),
        TreeBody::Device(rdev) => {
            let body = [both(rdev >> 8), both(rdev & 0xff)].concat();
            out.push(entry(b"PN", &body));
        }
        _ => {}
    }
    out
}

/// The bits of a component of a link, and of a link that goes on in the next entry.
mod component {
    pub(super) const CONTINUES: u8 = 1;
    pub(super) const CURRENT: u8 = 2;
    pub(super) const PARENT: u8 = 4;
    pub(super) const ROOT: u8 = 8;
}

fn link(target: &str) -> Vec<Vec<u8>> {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    if target.starts_with('/') {
        parts.push(vec![component::ROOT, 0]);
    }
    for name in target.split('/').filter(|name| !name.is_empty()) {
        match name {
            "." => parts.push(vec![component::CURRENT, 0]),
            ".." => parts.push(vec![component::PARENT, 0]),
            _ => {
                let pieces: Vec<&[u8]> = name.as_bytes().chunks(240).collect();
                for (at, piece) in pieces.iter().enumerate() {
                    let goes_on = at + 1 < pieces.len();
                    let mut part = vec![if goes_on { component::CONTINUES } else { 0 }, piece.len() as u8];
                    part.extend(*piece);
                    parts.push(part);
                }
            }
        }
    }
    let mut bodies: Vec<Vec<u8>> = vec![vec![0]];
    for part in parts {
        let last = bodies.last_mut().expect("there is one from the start");
        if last.len() + part.len() > ENTRY_BYTES - 4 {
            last[0] = component::CONTINUES;
            bodies.push([vec![0], part].concat());
        } else {
            last.extend(part);
        }
    }
    bodies.iter().map(|body| entry(b"SL", body)).collect()
}

/// What the entries of a record said.
#[derive(Default)]
pub(super) struct Said {
    pub(super) mode: Option<u32>,
    pub(super) uid: u32,
    pub(super) gid: u32,
    pub(super) mtime_ms: Option<u64>,
    pub(super) name: Vec<u8>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) device: Option<(u32, u32)>,
    /// Where entries go on: sector, offset, length.
    pub(super) next: Option<(u32, u32, u32)>,
    open_component: bool,
}

fn little(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

impl Said {
    /// Reads one area of entries.
    pub(super) fn read(&mut self, mut area: &[u8]) -> Result<(), ImageError> {
        self.next = None;
        while area.len() >= 4 && area[0] != 0 {
            let len = usize::from(area[2]);
            if len < 4 || len > area.len() {
                return Err(ImageError::new("an entry of Rock Ridge is longer than its record"));
            }
            let (found, rest) = area.split_at(len);
            area = rest;
            let cut = || ImageError::new("an entry of Rock Ridge is too short");
            let number = |at: usize| little(found, at).ok_or_else(cut);
            match &found[..2] {
                b"PX" => {
                    self.mode = Some(number(4)?);
                    (self.uid, self.gid) = (number(20)?, number(28)?);
                }
                b"TF" => self.times(found)?,
                b"NM" => {
                    let flags = *found.get(4).ok_or_else(cut)?;
                    // `.` and `..` are said by bits where the record itself is theirs.
                    if flags & 0b110 == 0 {
                        self.name.extend(&found[5..]);
                    }
                }
                b"SL" => self.link(found.get(5..).ok_or_else(cut)?)?,
                b"PN" => self.device = Some((number(4)?, number(12)?)),
                b"CE" => self.next = Some((number(4)?, number(12)?, number(20)?)),
                b"ST" => break,
                _ => {}
            }
        }
        Ok(())
    }

    fn times(&mut self, found: &[u8]) -> Result<(), ImageError> {
        let cut = || ImageError::new("a time of Rock Ridge is too short");
        let flags = *found.get(4).ok_or_else(cut)?;
        let long = flags & 0x80 != 0;
        // Creation stands before modification.
        let at = 5 + usize::from(flags & 1) * if long { 17 } else { 7 };
        if flags & 2 == 0 {
            return Ok(());
        }
        self.mtime_ms = Some(if long {
            long_time(found.get(at..at + 17).ok_or_else(cut)?)
        } else {
            short_time(found.get(at..at + 7).ok_or_else(cut)?)
        });
        Ok(())
    }

    fn link(&mut self, mut parts: &[u8]) -> Result<(), ImageError> {
        let link = self.link.get_or_insert_default();
        while let [flags, len, rest @ ..] = parts {
            let (name, rest) = rest
                .split_at_checked(usize::from(*len))
                .ok_or_else(|| ImageError::new("a part of a link is longer than its entry"))?;
            parts = rest;
            if !self.open_component && !link.is_empty() && link.last() != Some(&b'/') {
                link.push(b'/');
            }
            match flags & !component::CONTINUES {
                0 => link.extend(name),
                component::CURRENT => link.push(b'.'),
                component::PARENT => link.extend(b".."),
                component::ROOT => {
                    link.clear();
                    link.push(b'/');
                }
                _ => return Err(ImageError::new("a part of a link is of no known kind")),
            }
            self.open_component = flags & component::CONTINUES != 0;
        }
        Ok(())
    }
}

/// The seven bytes of a directory record's time.
pub(super) fn short_time(bytes: &[u8]) -> u64 {
    let part = |at: usize| u64::from(bytes[at]);
    let seconds = part(3) * 3600 + part(4) * 60 + part(5);
    let local = super::unix_ms(1900 + part(0), part(1), part(2), seconds);
    // Quarters of an hour east of Greenwich.
    let east = i64::from(bytes[6].cast_signed()) * 900_000;
    local.saturating_add_signed(-east)
}

fn long_time(bytes: &[u8]) -> u64 {
    let digits = |from: usize, to: usize| {
        let text = &bytes[from..to];
        text.iter()
            .fold(0, |sum, byte| sum * 10 + u64::from(byte.saturating_sub(b'0').min(9)))
    };
    let seconds = digits(8, 10) * 3600 + digits(10, 12) * 60 + digits(12, 14);
    let local = super::unix_ms(digits(0, 4), digits(4, 6), digits(6, 8), seconds);
    let east = i64::from(bytes[16].cast_signed()) * 900_000;
    local.saturating_add_signed(-east)
}
