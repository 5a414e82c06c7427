//! Who may do what: permission bits, as POSIX has them (IEEE Std 1003.1, 4.7 File Access Permissions).

use helios_abi::calls::mode;
use helios_kernel::Creds;

use crate::store::Meta;

/// Search a directory, run a file.
pub const EXEC: u32 = 1;
/// Write.
pub const WRITE: u32 = 2;
/// Read.
pub const READ: u32 = 4;

/// Whether the permission bits let `creds` do all of `want` (bits of [`READ`], [`WRITE`], [`EXEC`]).
///
/// Exactly one class applies: the owner's bits for the owner even where the group's say more. Root reads and writes
/// everything, and runs a file that anybody may run.
#[must_use]
pub fn permits(meta: &Meta, creds: &Creds, want: u32) -> bool {
    if creds.is_root() {
        let runnable = meta.is_dir() || meta.mode & 0o111 != 0;
        return want & EXEC == 0 || runnable;
    }
    let class = if creds.euid == meta.uid {
        6
    } else if creds.in_group(meta.gid) {
        3
    } else {
        0
    };
    (meta.mode >> class) & want == want
}

/// Whether `creds` may change the permission bits and times of the file: the owner and root.
#[must_use]
pub const fn owns(meta: &Meta, creds: &Creds) -> bool {
    creds.is_root() || creds.euid == meta.uid
}

/// Whether the sticky bit of `dir` keeps `creds` from removing or renaming `file` in it.
#[must_use]
pub const fn sticky_forbids(dir: &Meta, file: &Meta, creds: &Creds) -> bool {
    dir.mode & mode::STICKY != 0 && !creds.is_root() && creds.euid != dir.uid && creds.euid != file.uid
}

/// The mode after a write or a change of owner: setuid goes, and setgid where the group may run the file.
///
/// Without group execution setgid means something else (mandatory locks, on systems that had them) and stays.
#[must_use]
pub const fn without_set_id(word: u32) -> u32 {
    if word & mode::TYPE != mode::FILE {
        return word;
    }
    let word = word & !mode::SETUID;
    if word & 0o010 == 0 { word } else { word & !mode::SETGID }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(bits: u32, uid: u32, gid: u32) -> Meta {
        Meta {
            ino: 9,
            mode: bits,
            uid,
            gid,
            nlink: 1,
            mtime_ms: 0,
            ctime_ms: 0,
            size: 0,
            rdev: 0,
        }
    }

    fn user(euid: u32, egid: u32, groups: &[u32]) -> Creds {
        Creds {
            uid: euid,
            gid: egid,
            euid,
            egid,
            groups: groups.to_vec(),
            ..Creds::root()
        }
    }

    #[test]
    fn the_permission_matrix_is_posix() {
        let who: &[(&str, Creds)] = &[
            ("owner", user(10, 99, &[])),
            ("group", user(11, 20, &[])),
            ("member", user(12, 99, &[7, 20])),
            ("other", user(13, 99, &[])),
            ("root", user(0, 0, &[])),
        ];
        // Each digit is what the named caller may do, as rwx.
        let table: &[(u32, [u32; 5])] = &[
            (0o750, [7, 5, 5, 0, 7]),
            (0o077, [0, 7, 7, 7, 7]),
            (0o604, [6, 0, 0, 4, 6]),
            (0o000, [0, 0, 0, 0, 6]),
            (0o001, [0, 0, 0, 1, 7]),
            (0o471, [4, 7, 7, 1, 7]),
        ];
        for (bits, expected) in table {
            for ((name, creds), may) in who.iter().zip(expected) {
                for want in 1..=7 {
                    let got = permits(&meta(mode::FILE | bits, 10, 20), creds, want);
                    assert_eq!(got, may & want == want, "{name} wants {want:o} of {bits:o}");
                }
            }
        }
        assert!(
            permits(&meta(mode::DIR, 10, 20), &user(0, 0, &[]), 7),
            "root searches every directory"
        );
    }

    #[test]
    fn sticky_directories_protect_other_peoples_files() {
        let dir = meta(mode::DIR | 0o1777, 0, 0);
        let file = meta(mode::FILE | 0o666, 10, 20);
        assert!(sticky_forbids(&dir, &file, &user(11, 20, &[])));
        assert!(!sticky_forbids(&dir, &file, &user(10, 20, &[])));
        assert!(!sticky_forbids(&dir, &file, &user(0, 0, &[])));
        assert!(!sticky_forbids(
            &meta(mode::DIR | 0o777, 0, 0),
            &file,
            &user(11, 20, &[])
        ));
        assert!(!sticky_forbids(
            &meta(mode::DIR | 0o1777, 11, 0),
            &file,
            &user(11, 20, &[])
        ));
    }

    #[test]
    fn set_id_bits_go_from_files_alone() {
        assert_eq!(without_set_id(mode::FILE | 0o6755), mode::FILE | 0o755);
        assert_eq!(without_set_id(mode::FILE | 0o6745), mode::FILE | 0o2745);
        assert_eq!(without_set_id(mode::DIR | 0o2775), mode::DIR | 0o2775);
    }
}
