//! Images of folders of this computer. Nothing here belongs to a world: what comes out enters one through the log.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

use helios_abi::calls::mode;
use helios_abi::program::sha256;

use super::file::{IMAGE_BYTES, Image};
use super::tree::{ImageError, TREE_NODES, Tree, TreeBody, TreeNode};
use crate::limits::CHUNK_BYTES;

/// Makes an image of a folder: files, folders and symbolic links; everything in it belongs to root, as on a stick that
/// came by post. Setuid and setgid stay behind. What is neither is left out and named in the second part of the answer.
///
/// # Errors
/// When something cannot be read, has a name that is not UTF-8, or the folder is too large for an image.
pub fn of_folder(root: &Path, label: &str) -> Result<(Image, Vec<PathBuf>), String> {
    let at = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let about = fs::metadata(root).map_err(|error| at(root, &error))?;
    if !about.is_dir() {
        return Err(at(root, &"not a folder"));
    }
    let mut nodes = vec![TreeNode::root(0o755, time_of(&about))];
    let mut chunks = BTreeMap::new();
    let mut content_bytes = 0;
    let mut left_out = Vec::new();
    let mut todo = VecDeque::from([(root.to_owned(), 1)]);
    while let Some((dir, place)) = todo.pop_front() {
        let mut entries = fs::read_dir(&dir)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| at(&dir, &error))?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            let name = entry.file_name().into_string();
            let name = name.map_err(|_| at(&path, &"its name is not UTF-8"))?;
            let about = fs::symlink_metadata(&path).map_err(|error| at(&path, &error))?;
            if nodes.len() >= TREE_NODES {
                return Err(at(root, &format!("an image has at most {TREE_NODES} nodes")));
            }
            let body = if about.is_dir() {
                TreeBody::Dir
            } else if about.is_symlink() {
                let target = fs::read_link(&path).map_err(|error| at(&path, &error))?;
                let target = target.into_os_string().into_string();
                TreeBody::Symlink(target.map_err(|_| at(&path, &"what the link says is not UTF-8"))?)
            } else if about.is_file() {
                content_bytes += about.len();
                if content_bytes > IMAGE_BYTES {
                    return Err(at(root, &format!("an image has at most {IMAGE_BYTES} bytes of files")));
                }
                let bytes = fs::read(&path).map_err(|error| at(&path, &error))?;
                file_body(&bytes, &mut chunks)
            } else {
                left_out.push(path);
                continue;
            };
            let is_dir = body == TreeBody::Dir;
            nodes.push(TreeNode {
                name,
                parent: place,
                perms: perms_of(&about) & mode::PERMS & 0o1777,
                uid: 0,
                gid: 0,
                mtime_ms: time_of(&about),
                body,
            });
            if is_dir {
                todo.push_back((path, nodes.len() as u64));
            }
        }
    }
    let tree = Tree::new(label, nodes).map_err(|error: ImageError| at(root, &error))?;
    Ok((Image { tree, chunks }, left_out))
}

fn file_body(bytes: &[u8], chunks: &mut BTreeMap<helios_engine::blobs::BlobId, std::sync::Arc<[u8]>>) -> TreeBody {
    let pieces = bytes.chunks(CHUNK_BYTES as usize).map(|piece| {
        let id = sha256(piece);
        chunks.entry(id).or_insert_with(|| piece.into());
        id
    });
    TreeBody::File {
        chunks: pieces.collect(),
        size: bytes.len() as u64,
    }
}

fn time_of(about: &fs::Metadata) -> u64 {
    let since = about
        .modified()
        .ok()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    // Whole seconds: discs have no finer ones.
    since.map_or(0, |since| since.as_secs() * 1000)
}

#[cfg(unix)]
fn perms_of(about: &fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    about.permissions().mode()
}

#[cfg(not(unix))]
fn perms_of(about: &fs::Metadata) -> u32 {
    if about.is_dir() { 0o755 } else { 0o644 }
}
