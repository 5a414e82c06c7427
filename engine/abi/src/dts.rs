//! Generates the TypeScript declarations of the ABI, `scripts-ts/types/helios-abi.d.ts`.

use core::fmt::Write as _;

use crate::calls::{STRUCTS, SYSCALLS, is_optional, mode, open_flags, termios};
use crate::define::{FieldDef, StructDef};
use crate::errno::Errno;
use crate::signal;

fn doc(out: &mut String, indent: &str, text: &str) {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    match lines.as_slice() {
        [] => {}
        [line] => _ = writeln!(out, "{indent}/** {line} */"),
        lines => {
            _ = writeln!(out, "{indent}/**");
            for line in lines {
                _ = writeln!(out, "{indent} * {line}");
            }
            _ = writeln!(out, "{indent} */");
        }
    }
}

fn fields(out: &mut String, fields: &[FieldDef]) {
    for field in fields {
        doc(out, "\t", field.doc);
        let optional = if is_optional(field) { "?" } else { "" };
        _ = writeln!(out, "\t{}{optional}: {};", field.name, (field.ts)());
    }
}

fn structure(out: &mut String, def: &StructDef, suffix: &str) {
    doc(out, "", def.doc);
    if def.fields.is_empty() {
        _ = writeln!(out, "export type {}{suffix} = Record<string, never>;\n", def.name);
        return;
    }
    _ = writeln!(out, "export interface {}{suffix} {{", def.name);
    fields(out, def.fields);
    out.push_str("}\n\n");
}

fn numbers<'a>(out: &mut String, name: &str, text: &str, items: impl Iterator<Item = (&'a str, i64)>) {
    doc(out, "", text);
    _ = writeln!(out, "export interface {name} {{");
    for (key, number) in items {
        _ = writeln!(out, "\t{key}: {number};");
    }
    out.push_str("}\n\n");
}

fn texts(out: &mut String, name: &str, text: &str) {
    doc(out, "", text);
    _ = writeln!(out, "export interface {name} {{");
    for errno in Errno::ALL {
        _ = writeln!(out, "\t{}: \"{}\";", errno.name(), errno.text());
    }
    out.push_str("}\n\n");
}

/// The declarations, whole. A test compares them with the committed file.
#[must_use]
pub fn generate() -> String {
    let mut out = String::from(
        "// Generated from engine/abi by `cargo run -p helios_abi --example generate_dts`. Do not edit.\n\n",
    );
    out.push_str("/** POSIX error names: the `code` of a failed call. */\nexport type Errno =\n");
    for errno in Errno::ALL {
        _ = writeln!(out, "\t| \"{}\"", errno.name());
    }
    out.pop();
    out.push_str(";\n\n");
    numbers(
        &mut out,
        "ErrnoNumbers",
        "The number of each error.",
        Errno::ALL.iter().map(|e| (e.name(), *e as i64)),
    );
    texts(
        &mut out,
        "ErrnoTexts",
        "The text of each error, as `strerror` gives it.",
    );
    numbers(
        &mut out,
        "SignalNumbers",
        "The number of each signal.",
        signal::ALL.iter().map(|s| (s.1, i64::from(s.0))),
    );
    numbers(
        &mut out,
        "OpenFlagBits",
        "Bits of `open`'s flags.",
        OPEN_FLAGS.iter().map(|f| (f.0, i64::from(f.1))),
    );
    numbers(
        &mut out,
        "ModeBits",
        "Bits of the mode word.",
        MODE_BITS.iter().map(|m| (m.0, i64::from(m.1))),
    );
    numbers(
        &mut out,
        "TermiosBits",
        "Bits of a terminal's flag words, and places of its control characters.",
        termios::ALL.iter().copied(),
    );
    for def in STRUCTS {
        structure(&mut out, def, "");
    }
    for def in SYSCALLS {
        structure(&mut out, &def.request, "Request");
    }
    out.push_str("/** Every syscall: what it takes and what it answers. */\nexport interface Syscalls {\n");
    for def in SYSCALLS {
        doc(&mut out, "\t", def.doc);
        _ = writeln!(
            out,
            "\t{}(request: {}Request): {};",
            def.name,
            def.request.name,
            (def.reply_ts)()
        );
    }
    out.push_str("}\n");
    out
}

/// `open`'s flags by name.
pub const OPEN_FLAGS: &[(&str, u32)] = &[
    ("READ", open_flags::READ),
    ("WRITE", open_flags::WRITE),
    ("CREATE", open_flags::CREATE),
    ("EXCLUSIVE", open_flags::EXCLUSIVE),
    ("TRUNCATE", open_flags::TRUNCATE),
    ("APPEND", open_flags::APPEND),
    ("DIRECTORY", open_flags::DIRECTORY),
    ("NOFOLLOW", open_flags::NOFOLLOW),
    ("NONBLOCK", open_flags::NONBLOCK),
    ("CLOEXEC", open_flags::CLOEXEC),
];

/// Bits of the mode word by name.
pub const MODE_BITS: &[(&str, u32)] = &[
    ("TYPE", mode::TYPE),
    ("FILE", mode::FILE),
    ("DIR", mode::DIR),
    ("SYMLINK", mode::SYMLINK),
    ("DEVICE", mode::DEVICE),
    ("FIFO", mode::FIFO),
    ("SOCKET", mode::SOCKET),
    ("SETUID", mode::SETUID),
    ("SETGID", mode::SETGID),
    ("STICKY", mode::STICKY),
    ("PERMS", mode::PERMS),
];
