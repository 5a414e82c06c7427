//! Bits of words that calls take and answer, with the traditional values.

/// Bits of `open`'s flags.
pub mod open_flags {
    /// Open for reading.
    pub const READ: u32 = 1;
    /// Open for writing.
    pub const WRITE: u32 = 2;
    /// Create the file if it is absent.
    pub const CREATE: u32 = 4;
    /// With `CREATE`: fail with EEXIST if it is there.
    pub const EXCLUSIVE: u32 = 8;
    /// Cut the file to zero length.
    pub const TRUNCATE: u32 = 16;
    /// Every write goes to the end.
    pub const APPEND: u32 = 32;
    /// Fail with ENOTDIR unless it is a directory.
    pub const DIRECTORY: u32 = 64;
    /// Fail with ELOOP if the last component is a symbolic link.
    pub const NOFOLLOW: u32 = 128;
    /// Reads and writes that would wait fail with EAGAIN.
    pub const NONBLOCK: u32 = 256;
    /// The descriptor is not inherited by `spawn`.
    pub const CLOEXEC: u32 = 512;
    /// Every known bit.
    pub const ALL: u32 = 1023;
}

/// Bits of the 32-bit mode word: the traditional `st_mode`.
pub mod mode {
    /// Mask of the type bits.
    pub const TYPE: u32 = 0o170_000;
    /// Regular file.
    pub const FILE: u32 = 0o100_000;
    /// Directory.
    pub const DIR: u32 = 0o040_000;
    /// Symbolic link.
    pub const SYMLINK: u32 = 0o120_000;
    /// Character device.
    pub const DEVICE: u32 = 0o020_000;
    /// Pipe.
    pub const FIFO: u32 = 0o010_000;
    /// Socket.
    pub const SOCKET: u32 = 0o140_000;
    /// Set user id on execution.
    pub const SETUID: u32 = 0o4000;
    /// Set group id on execution.
    pub const SETGID: u32 = 0o2000;
    /// Only owners delete from this directory.
    pub const STICKY: u32 = 0o1000;
    /// The permission bits, with setuid, setgid and sticky.
    pub const PERMS: u32 = 0o7777;
}

/// Bits of a terminal's flag words and places of its control characters, with Linux's values (POSIX `<termios.h>`).
pub mod termios {
    /// Input: a carriage return becomes a newline.
    pub const ICRNL: u32 = 0o400;
    /// Input: a newline becomes a carriage return.
    pub const INLCR: u32 = 0o100;
    /// Input: carriage returns are dropped.
    pub const IGNCR: u32 = 0o200;
    /// Input: `VSTOP` and `VSTART` stop and start output.
    pub const IXON: u32 = 0o2000;
    /// Input: erasing takes whole UTF-8 characters.
    pub const IUTF8: u32 = 0o40000;
    /// Output: processed at all.
    pub const OPOST: u32 = 0o1;
    /// Output: a newline also returns to the first column.
    pub const ONLCR: u32 = 0o4;
    /// Local: control characters are signals.
    pub const ISIG: u32 = 0o1;
    /// Local: lines are edited and handed over whole.
    pub const ICANON: u32 = 0o2;
    /// Local: what is typed is shown.
    pub const ECHO: u32 = 0o10;
    /// Local: erasing shows.
    pub const ECHOE: u32 = 0o20;
    /// Local: killing a line shows.
    pub const ECHOK: u32 = 0o40;
    /// Local: a newline is shown even without `ECHO`.
    pub const ECHONL: u32 = 0o100;
    /// Local: signals do not flush the line.
    pub const NOFLSH: u32 = 0o200;
    /// Local: a background process that writes is stopped.
    pub const TOSTOP: u32 = 0o400;
    /// Local: control characters are shown as `^X`.
    pub const ECHOCTL: u32 = 0o1000;
    /// Local: a killed line is erased on the screen.
    pub const ECHOKE: u32 = 0o4000;
    /// Local: `VWERASE`, `VREPRINT` and `VLNEXT` work.
    pub const IEXTEN: u32 = 0o100000;
    /// Place of the character that sends SIGINT.
    pub const VINTR: usize = 0;
    /// Place of the character that sends SIGQUIT.
    pub const VQUIT: usize = 1;
    /// Place of the character that erases one.
    pub const VERASE: usize = 2;
    /// Place of the character that erases the line.
    pub const VKILL: usize = 3;
    /// Place of the character that ends the file.
    pub const VEOF: usize = 4;
    /// Tenths of a second that a raw read waits.
    pub const VTIME: usize = 5;
    /// Bytes that a raw read waits for.
    pub const VMIN: usize = 6;
    /// Place of the character that starts output.
    pub const VSTART: usize = 8;
    /// Place of the character that stops output.
    pub const VSTOP: usize = 9;
    /// Place of the character that sends SIGTSTP.
    pub const VSUSP: usize = 10;
    /// Place of another character that ends a line.
    pub const VEOL: usize = 11;
    /// Place of the character that shows the line again.
    pub const VREPRINT: usize = 12;
    /// Place of the character that erases a word.
    pub const VWERASE: usize = 14;
    /// Place of the character that takes the next one as it is.
    pub const VLNEXT: usize = 15;
    /// Number of places.
    pub const NCCS: usize = 17;

    /// Every constant by name, for the declarations.
    pub const ALL: &[(&str, i64)] = &[
        ("ICRNL", ICRNL as i64),
        ("INLCR", INLCR as i64),
        ("IGNCR", IGNCR as i64),
        ("IXON", IXON as i64),
        ("IUTF8", IUTF8 as i64),
        ("OPOST", OPOST as i64),
        ("ONLCR", ONLCR as i64),
        ("ISIG", ISIG as i64),
        ("ICANON", ICANON as i64),
        ("ECHO", ECHO as i64),
        ("ECHOE", ECHOE as i64),
        ("ECHOK", ECHOK as i64),
        ("ECHONL", ECHONL as i64),
        ("NOFLSH", NOFLSH as i64),
        ("TOSTOP", TOSTOP as i64),
        ("ECHOCTL", ECHOCTL as i64),
        ("ECHOKE", ECHOKE as i64),
        ("IEXTEN", IEXTEN as i64),
        ("VINTR", VINTR as i64),
        ("VQUIT", VQUIT as i64),
        ("VERASE", VERASE as i64),
        ("VKILL", VKILL as i64),
        ("VEOF", VEOF as i64),
        ("VTIME", VTIME as i64),
        ("VMIN", VMIN as i64),
        ("VSTART", VSTART as i64),
        ("VSTOP", VSTOP as i64),
        ("VSUSP", VSUSP as i64),
        ("VEOL", VEOL as i64),
        ("VREPRINT", VREPRINT as i64),
        ("VWERASE", VWERASE as i64),
        ("VLNEXT", VLNEXT as i64),
        ("NCCS", NCCS as i64),
    ];
}
