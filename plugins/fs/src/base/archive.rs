//! From the packed archive to an image: directories, devices, links and modes come from the table.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use helios_abi::calls::mode;
use helios_abi::program::sha256;
use helios_engine::blobs::BlobId;

use super::image::{BaseBody, BaseImage, BaseNode, ImageError, valid_name};
use crate::limits::CHUNK_BYTES;

/// Time of every node of an image, in milliseconds: worlds begin in 2035, and so did their userland.
const IMAGE_TIME_MS: u64 = 2_051_222_400_000;
/// Largest archive that is unpacked.
const ARCHIVE_BYTES: u64 = 256 << 20;
/// Directories whose files are programs.
const PROGRAM_DIRS: &[&str] = &["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/"];

/// Why an archive cannot be unpacked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rootfs: {0}")]
pub struct ArchiveError(String);

/// What the build script packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// The table `rootfs.txt`.
    pub table: String,
    /// Files by their absolute paths.
    pub files: BTreeMap<String, Vec<u8>>,
}

struct Draft {
    mode: u32,
    uid: u32,
    gid: u32,
    body: BaseBody,
}

impl Packed {
    /// Unpacks an archive.
    ///
    /// # Errors
    /// When it is not one.
    pub fn unpack(bytes: &[u8]) -> Result<Self, ArchiveError> {
        let mut plain = Vec::new();
        let mut reader = flate2::read::ZlibDecoder::new(bytes).take(ARCHIVE_BYTES);
        reader
            .read_to_end(&mut plain)
            .map_err(|error| ArchiveError(error.to_string()))?;
        let files: Vec<(String, Vec<u8>)> =
            postcard::from_bytes(&plain).map_err(|error| ArchiveError(error.to_string()))?;
        Self::of(files)
    }

    /// Reads a folder with `rootfs.txt` and `rootfs/`, as the build script does.
    ///
    /// # Errors
    /// When a file of it cannot be read.
    pub fn read_folder(root: &std::path::Path) -> Result<Self, ArchiveError> {
        let (files, _) = super::pack::read_folder(root).map_err(|error| ArchiveError(error.to_string()))?;
        Self::of(files)
    }

    fn of(files: Vec<(String, Vec<u8>)>) -> Result<Self, ArchiveError> {
        let mut files = files.into_iter();
        let Some((_, table)) = files.next() else {
            return Err(ArchiveError("it is empty".to_owned()));
        };
        let table = String::from_utf8(table).map_err(|_| ArchiveError("the table is not UTF-8".to_owned()))?;
        Ok(Self {
            table,
            files: files.collect(),
        })
    }

    /// Makes the image, and the bytes of its pieces by name.
    ///
    /// # Errors
    /// A line of the table that is malformed, or names something that is not there.
    pub fn build(&self) -> Result<(BaseImage, BTreeMap<BlobId, Arc<[u8]>>), ImageError> {
        let mut chunks = BTreeMap::new();
        let mut drafts = BTreeMap::from([("/".to_owned(), Draft::dir(0o755))]);
        for (path, bytes) in &self.files {
            let bits = if PROGRAM_DIRS.iter().any(|dir| path.starts_with(dir)) {
                0o755
            } else {
                0o644
            };
            let body = file_body(bytes, &mut chunks);
            drafts.insert(
                path.clone(),
                Draft {
                    mode: mode::FILE | bits,
                    uid: 0,
                    gid: 0,
                    body,
                },
            );
        }
        for (at, line) in self.table.lines().enumerate() {
            apply_line(line, &mut drafts).map_err(|why| ImageError(format!("rootfs.txt line {}: {why}", at + 1)))?;
        }
        for path in drafts.keys().cloned().collect::<Vec<_>>() {
            let mut dir = path.as_str();
            while let Some((above, _)) = dir.rsplit_once('/').filter(|(above, _)| !above.is_empty()) {
                drafts.entry(above.to_owned()).or_insert_with(|| Draft::dir(0o755));
                dir = above;
            }
        }
        Ok((BaseImage::new(IMAGE_TIME_MS, number(drafts)?)?, chunks))
    }
}

impl Draft {
    const fn dir(bits: u32) -> Self {
        Self {
            mode: mode::DIR | bits,
            uid: 0,
            gid: 0,
            body: BaseBody::Dir,
        }
    }
}

fn file_body(bytes: &[u8], chunks: &mut BTreeMap<BlobId, Arc<[u8]>>) -> BaseBody {
    let pieces = bytes.chunks(CHUNK_BYTES as usize).map(|piece| {
        let id = sha256(piece);
        chunks.entry(id).or_insert_with(|| piece.into());
        id
    });
    BaseBody::File {
        chunks: pieces.collect(),
        size: bytes.len() as u64,
    }
}

fn apply_line(line: &str, drafts: &mut BTreeMap<String, Draft>) -> Result<(), String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let octal = |word: &str| {
        u32::from_str_radix(word, 8)
            .ok()
            .filter(|bits| bits & !mode::PERMS == 0)
    };
    let bits = |word: &str| octal(word).ok_or_else(|| format!("{word} is not a mode"));
    let number = |word: &str| word.parse::<u32>().map_err(|_| format!("{word} is not a number"));
    match words[..] {
        [] => {}
        [first, ..] if first.starts_with('#') => {}
        ["dir", word, path] => {
            drafts.insert(absolute(path)?, Draft::dir(bits(word)?));
        }
        ["dev", word, path, major, minor] => {
            let body = BaseBody::Device(number(major)? << 8 | (number(minor)? & 0xff));
            drafts.insert(
                absolute(path)?,
                Draft {
                    mode: mode::DEVICE | bits(word)?,
                    uid: 0,
                    gid: 0,
                    body,
                },
            );
        }
        ["link", path, target] => {
            let body = BaseBody::Symlink(target.to_owned());
            drafts.insert(
                absolute(path)?,
                Draft {
                    mode: mode::SYMLINK | 0o777,
                    uid: 0,
                    gid: 0,
                    body,
                },
            );
        }
        ["mode", word, path, ref owner @ ..] => {
            let draft = drafts.get_mut(path).ok_or_else(|| format!("there is no {path}"))?;
            draft.mode = draft.mode & mode::TYPE | bits(word)?;
            match owner {
                [] => {}
                [uid, gid] => (draft.uid, draft.gid) = (number(uid)?, number(gid)?),
                _ => return Err("an owner is a user and a group".to_owned()),
            }
        }
        [what, ..] => {
            return Err(format!(
                "{what} is not one of dir, dev, link, mode, or its fields do not fit"
            ));
        }
    }
    Ok(())
}

fn absolute(path: &str) -> Result<String, String> {
    let valid = path
        .strip_prefix('/')
        .is_some_and(|rest| rest.split('/').all(valid_name));
    valid
        .then(|| path.to_owned())
        .ok_or_else(|| format!("{path} is not an absolute path"))
}

/// Numbers the drafts: the root first, then by path, component by component, so that parents come before children.
fn number(drafts: BTreeMap<String, Draft>) -> Result<Vec<BaseNode>, ImageError> {
    let mut sorted: Vec<(Vec<String>, Draft)> = drafts
        .into_iter()
        .map(|(path, draft)| {
            (
                path.split('/')
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned)
                    .collect(),
                draft,
            )
        })
        .collect();
    sorted.sort_by(|(left, _), (right, _)| left.cmp(right));
    let mut numbers: BTreeMap<Vec<String>, u64> = BTreeMap::new();
    let mut nodes = Vec::with_capacity(sorted.len());
    for (path, draft) in sorted {
        let above = &path[..path.len().saturating_sub(1)];
        let ino = nodes.len() as u64 + 1;
        let parent = if path.is_empty() { ino } else { numbers[above] };
        let Draft { mode, uid, gid, body } = draft;
        nodes.push(BaseNode {
            name: path.last().cloned().unwrap_or_default(),
            parent,
            mode,
            uid,
            gid,
            body,
        });
        numbers.insert(path, ino);
    }
    Ok(nodes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(table: &str, files: &[(&str, &str)]) -> Packed {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect();
        Packed {
            table: table.to_owned(),
            files,
        }
    }

    #[test]
    fn the_image_hangs_on_content_alone() {
        let files = [
            ("/bin/cat", "cat"),
            ("/etc/issue", "hello"),
            ("/usr/lib/helios/fs.ts", "fs"),
        ];
        let (one, _) = packed("dir 1777 /tmp", &files).build().unwrap();
        let backwards: Vec<_> = files.into_iter().rev().collect();
        let (two, _) = packed("# a comment\n\ndir 1777 /tmp\n", &backwards).build().unwrap();
        assert_eq!(one.id(), two.id());
        let (three, _) = packed("dir 1777 /tmp", &[("/bin/cat", "cat!")]).build().unwrap();
        assert_ne!(one.id(), three.id());
    }

    #[test]
    fn programs_are_runnable_and_the_table_overrules() {
        let table = "mode 4755 /bin/su\ndev 666 /dev/null 1 3\nlink /bin/dir ls\nmode 600 /etc/shadow 0 42";
        let (image, _) = packed(table, &[("/bin/su", ""), ("/bin/ls", ""), ("/etc/shadow", "x")])
            .build()
            .unwrap();
        let node = |path: &str| image.node(image.find(path).unwrap()).unwrap();
        assert_eq!(node("/bin/su").mode, mode::FILE | 0o4755);
        assert_eq!(node("/bin/ls").mode, mode::FILE | 0o755);
        assert_eq!(
            (node("/etc/shadow").mode, node("/etc/shadow").gid),
            (mode::FILE | 0o600, 42)
        );
        assert_eq!(node("/dev/null").body, BaseBody::Device(0x103));
        assert_eq!(node("/bin/dir").body, BaseBody::Symlink("ls".into()));
        assert_eq!(node("/dev").mode, mode::DIR | 0o755);
    }

    #[test]
    fn a_bad_table_is_refused_with_its_line() {
        for line in [
            "dir 999 /x",
            "dir 755 x",
            "mode 755 /none",
            "fifo /x",
            "dev 666 /x a 1",
            "link /a",
        ] {
            let error = packed(&format!("\n{line}"), &[]).build().unwrap_err().to_string();
            assert!(error.contains("line 2"), "{error}");
        }
    }

    #[test]
    fn the_built_in_image_is_stable_and_has_the_devices() {
        let (image, chunks) = crate::base::built_in();
        let (again, _) = Packed::unpack(crate::base::PACKED).unwrap().build().unwrap();
        assert_eq!(again.id(), image.id());
        assert_eq!(image.chunks(), chunks.keys().copied().collect::<Vec<_>>());
        for path in ["/dev/null", "/dev/tty", "/proc", "/tmp", "/usr/lib/helios"] {
            assert!(image.find(path).is_some(), "{path}");
        }
    }

    #[test]
    fn large_files_are_cut_into_pieces() {
        let (image, chunks) = packed("", &[("/big", &"x".repeat(150_000))]).build().unwrap();
        let BaseBody::File { size, chunks: ids } = &image.node(2).unwrap().body else {
            panic!("a file")
        };
        assert_eq!((*size, ids.len(), chunks.len()), (150_000, 3, 2));
    }

    #[test]
    fn a_truncated_archive_is_an_error() {
        assert!(Packed::unpack(&crate::base::PACKED[..40]).is_err());
    }
}
