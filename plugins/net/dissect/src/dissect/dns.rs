//! DNS (RFC 1035).

mod names;
mod records;

use super::build::{LayerBuilder, Next, Packet};
use super::{FlawKind, REPEATED_FIELDS, Value};
use crate::wire::u16_at;
use names::{name_at, type_name};
use records::{Record, record};

const HEADER_BYTES: usize = 12;

/// Sections of records: their filter names, and where the header counts them.
const SECTIONS: [(&str, usize); 3] = [("dns.a", 6), ("dns.ns", 8), ("dns.additional", 10)];

const OPERATIONS: [&str; 6] = ["", " inv_q", " stat", " op3", " notify", " update"];
const ERRORS: [&str; 11] = [
    "",
    " FormErr",
    " ServFail",
    " NXDomain",
    " NotImp",
    " Refused",
    " YXDomain",
    " YXRRSet",
    " NXRRSet",
    " NotAuth",
    " NotZone",
];

pub(super) fn dns(packet: &mut Packet<'_>, next: Next) {
    let mut layer = LayerBuilder::new(packet, next, "dns", next.end - next.start);
    let (line, _) = packet.line().rsplit_once(": UDP").unwrap_or((packet.line(), ""));
    let line = format!("{line}: ");
    if !layer.has(HEADER_BYTES, &line) {
        layer.layer.summary = format!("{line}domain [length {} < {HEADER_BYTES}] (invalid)", next.claimed);
        return packet.push(layer, None);
    }
    let id = header(&mut layer);
    let flags = layer.peek(2, 2);
    let response = flags & 0x8000 != 0;
    let mut reader = Reader {
        at: HEADER_BYTES,
        left: REPEATED_FIELDS,
    };
    let questions = reader.questions(&mut layer);
    let answers = reader.records(&mut layer);
    let shown = if response {
        let counts: Vec<_> = SECTIONS.map(|(_, at)| layer.peek(at, 2).to_string()).into();
        let answers = if answers.is_empty() {
            String::new()
        } else {
            format!(" {}", answers.join(", "))
        };
        let asked = match layer.peek(4, 2) {
            1 => String::new(),
            questions => format!(" [{questions}q]"),
        };
        format!("{id}{}{asked} {}{answers}", response_marks(flags), counts.join("/"))
    } else {
        format!(
            "{id}{}{}",
            query_marks(flags),
            questions.iter().map(|text| format!(" {text}")).collect::<String>()
        )
    };
    layer.layer.summary = if layer.layer.flaws.is_empty() {
        format!("{line}{shown} ({})", next.claimed)
    } else {
        format!("{line}{shown} [|domain]")
    };
    packet.push(layer, None);
}

/// Adds the header. Says the transaction's id.
fn header(layer: &mut LayerBuilder<'_>) -> u64 {
    let id = layer.peek(0, 2);
    layer.hex("dns.id", "Transaction ID", 0, 2);
    layer.bit("dns.flags.response", "Response", 2, 2, 0x8000);
    let operation = layer.peek(2, 1) >> 3 & 15;
    layer.field(
        "dns.flags.opcode",
        Value::Number(operation),
        2,
        2,
        format!("Opcode: {operation}"),
    );
    layer.bit("dns.flags.authoritative", "Authoritative", 2, 2, 0x0400);
    layer.bit("dns.flags.truncated", "Truncated", 2, 2, 0x0200);
    layer.bit("dns.flags.recdesired", "Recursion desired", 2, 2, 0x0100);
    layer.bit("dns.flags.recavail", "Recursion available", 2, 2, 0x0080);
    layer.bit("dns.flags.authenticated", "Answer authenticated", 2, 2, 0x0020);
    layer.bit("dns.flags.checkdisable", "Checking disabled", 2, 2, 0x0010);
    let error = layer.peek(3, 1) & 15;
    layer.field(
        "dns.flags.rcode",
        Value::Number(error),
        2,
        2,
        format!("Reply code: {error}"),
    );
    layer.number("dns.count.queries", "Questions", 4, 2);
    layer.number("dns.count.answers", "Answer RRs", 6, 2);
    layer.number("dns.count.auth_rr", "Authority RRs", 8, 2);
    layer.number("dns.count.add_rr", "Additional RRs", 10, 2);
    id
}

fn operation(flags: u64) -> String {
    let code = (flags >> 11 & 15) as usize;
    OPERATIONS
        .get(code)
        .map_or_else(|| format!(" op{code}"), |name| (*name).into())
}

fn response_marks(flags: u64) -> String {
    let error = (flags & 15) as usize;
    let mut text = operation(flags);
    match ERRORS.get(error) {
        Some(name) => text += name,
        None => text += &format!(" Resp{error}"),
    }
    for (bit, mark) in [(0x0400, "*"), (0x0080, ""), (0x0200, "|"), (0x0020, "$")] {
        if flags & bit != 0 {
            text += mark;
        } else if bit == 0x0080 {
            text += "-";
        }
    }
    text
}

fn query_marks(flags: u64) -> String {
    let mut text = operation(flags);
    if flags & 0x0100 != 0 {
        text += "+";
    }
    if flags & 0x0010 != 0 {
        text += "%";
    }
    text
}

/// Where the reading is, and how many entries it may still add.
struct Reader {
    at: usize,
    left: usize,
}

impl Reader {
    /// Adds the questions, and says them.
    fn questions(&mut self, layer: &mut LayerBuilder<'_>) -> Vec<String> {
        let mut shown = Vec::new();
        for _ in 0..layer.peek(4, 2) {
            let start = self.at;
            let bytes = layer.bytes();
            let Some((name, end)) = self.take().and_then(|()| name_at(bytes, start)) else {
                layer.flaw(FlawKind::Malformed, "a question is malformed");
                return shown;
            };
            let Some(fixed) = bytes.get(end..end + 4) else {
                layer.flaw(FlawKind::Truncated, "a question is cut off");
                return shown;
            };
            let kind = u16_at(fixed, 0);
            let text = format!("{}? {name}", type_name(kind));
            layer.field("dns.qry.name", Value::Text(name), start, end - start, text.clone());
            layer.number("dns.qry.type", "Type", end, 2);
            layer.explain(type_name(kind));
            layer.hex("dns.qry.class", "Class", end + 2, 2);
            shown.push(text);
            self.at = end + 4;
        }
        shown
    }

    /// Adds the records of all sections, and says the answers.
    fn records(&mut self, layer: &mut LayerBuilder<'_>) -> Vec<String> {
        let mut shown = Vec::new();
        if !layer.layer.flaws.is_empty() {
            return shown;
        }
        for (section, count_at) in SECTIONS {
            for _ in 0..layer.peek(count_at, 2) {
                let read = self.take().and_then(|()| record(layer.bytes(), self.at));
                let Some(Record { name, value, text, end }) = read else {
                    layer.flaw(FlawKind::Malformed, "a record is malformed or cut off");
                    return shown;
                };
                let full = format!("{name} {text}");
                layer.field(section, value, self.at, end - self.at, full);
                if section == SECTIONS[0].0 {
                    shown.push(text);
                }
                self.at = end;
            }
        }
        shown
    }

    /// Takes one of the entries that may still be added.
    fn take(&mut self) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        Some(())
    }
}
