//! Generates the manual's pages of the syscalls, section 2, in the shape that `man` renders (`docs/userland.md`).

use core::fmt::Write as _;

use crate::calls::{Family, STRUCTS, SYSCALLS, SyscallDef, is_optional};
use crate::define::FieldDef;

/// The page of every syscall by its file's name, `open.2.md`, in the order of the ABI.
#[must_use]
pub fn pages() -> Vec<(String, String)> {
    SYSCALLS
        .iter()
        .map(|def| (format!("{}.2.md", def.name), page(def)))
        .collect()
}

fn sentence(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A page: what the call does, takes, answers, needs and costs.
fn page(def: &SyscallDef) -> String {
    let doc = sentence(def.doc);
    let (first, _) = doc.split_once(". ").unwrap_or((doc.trim_end_matches('.'), ""));
    let mut out = format!(
        "# {}(2)\n\n## NAME\n{} - {}\n",
        def.name.to_uppercase(),
        def.name,
        short(first)
    );
    let fields: Vec<String> = def.request.fields.iter().map(parameter).collect();
    let reply = (def.reply_ts)();
    _ = write!(
        out,
        "\n## SYNOPSIS\n```\n{}({{{}}}): {reply}\n```\n",
        def.name,
        fields.join(", ")
    );
    _ = write!(out, "\n## DESCRIPTION\n{doc}\n");
    if !def.request.fields.is_empty() {
        out.push_str("\n## ARGUMENTS\n");
        for field in def.request.fields {
            let kind = (field.ts)();
            let optional = if is_optional(field) { ", optional" } else { "" };
            let kind = kind.trim_end_matches(" | null").to_owned();
            _ = write!(
                out,
                "**{}** ({kind}{optional}): {}\n\n",
                field.name,
                sentence(field.doc)
            );
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    for structure in STRUCTS.iter().filter(|structure| names(&reply, structure.name)) {
        _ = write!(
            out,
            "\n## {}\n{}\n\n",
            structure.name.to_uppercase(),
            sentence(structure.doc)
        );
        for field in structure.fields {
            _ = write!(
                out,
                "**{}** ({}): {}\n\n",
                field.name,
                (field.ts)(),
                sentence(field.doc)
            );
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    _ = write!(
        out,
        "\n## NOTES\nA call costs {} gas, and more by the bytes that it takes and answers. {} Programs call it through the modules \
         of `/usr/lib/helios`; a call that fails throws a SystemError with one of the names above in its `code`.\n",
        def.base_gas,
        capability(def.family)
    );
    out.push_str("\n## SEE ALSO\nstrace(1), caps(5), helios(7)\n");
    out
}

/// A sentence as the manual's index has it: without a capital letter, and not too long.
fn short(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_lowercase().to_string());
    let text = first.unwrap_or_default() + letters.as_str();
    text.split([':', ';', '(']).next().unwrap_or_default().trim().to_owned()
}

fn parameter(field: &FieldDef) -> String {
    let optional = if is_optional(field) { "?" } else { "" };
    format!("{}{optional}", field.name)
}

/// Whether a type mentions a structure.
fn names(kind: &str, structure: &str) -> bool {
    kind.split(|letter: char| !letter.is_alphanumeric())
        .any(|word| word == structure)
}

fn capability(family: Family) -> String {
    match family.name() {
        None => "It needs no capability.".to_owned(),
        Some(name) => format!("It needs a capability of the family `{name}`."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_what_a_call_takes_and_answers() {
        let all = pages();
        let (_, stat) = all.iter().find(|(name, _)| name == "stat.2.md").unwrap();
        for part in [
            "stat({path, nofollow?}): Stat",
            "**path** (string): The path.",
            "## STAT",
            "**mtimeMs**",
            "family `fs`",
        ] {
            assert!(stat.contains(part), "{part}:\n{stat}");
        }
        assert_eq!(short("Opens a file: and more"), "opens a file");
    }
}
