//! The text form of input, for `--script` files.
//!
//! One line each: `@TICK MACHINE VERB ARGUMENTS`. Text is in double quotes with the escapes `\n \r \t \e \\ \" \xNN \u{N}`.
//! `+TICKS` counts from the line before. `#` begins a comment. `command NAME JSON` submits any command; rooms register
//! shorter verbs.
//!
//! ```text
//! # Look around.
//! @120 home type "ls\n"
//! +500 home type "exit\n"
//! ```

use bevy_ecs::prelude::*;
use serde_json::{Value, json};

use crate::ids::{NodeId, Nodes, Tick};

use super::{CommandRegistry, SubmitError, submit_at};

/// The largest script, in bytes.
pub const MAX_SCRIPT_BYTES: usize = 16 << 20;

/// Turns the arguments of a line into a command's name and payload.
pub type Verb = fn(&[Value]) -> Result<(String, Value), String>;

/// One line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptLine {
    /// Counted from 1.
    pub line: usize,
    /// The tick in which it applies.
    pub tick: Tick,
    /// The name of the node; `world` for the world itself.
    pub machine: String,
    /// The command.
    pub name: String,
    /// Its payload.
    pub payload: Value,
}

/// Why a script could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {problem}")]
pub struct ScriptError {
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub problem: String,
}

/// Reads a script with the verbs that are registered.
///
/// # Errors
/// Names line and column of the first fault; ticks must not go back.
pub fn parse_script(commands: &CommandRegistry, text: &str) -> Result<Vec<ScriptLine>, ScriptError> {
    if text.len() > MAX_SCRIPT_BYTES {
        let problem = format!("the script is over the limit of {MAX_SCRIPT_BYTES} bytes");
        return Err(ScriptError {
            line: 1,
            column: 1,
            problem,
        });
    }
    let mut lines = Vec::new();
    let mut last = Tick(0);
    for (index, line) in text.lines().enumerate() {
        let mut cursor = Cursor {
            rest: line,
            whole: line,
        };
        if let Some((tick, machine, name, payload)) =
            parse_line(commands, &mut cursor, last).map_err(|problem| ScriptError {
                line: index + 1,
                column: cursor.column(),
                problem,
            })?
        {
            last = tick;
            lines.push(ScriptLine {
                line: index + 1,
                tick,
                machine,
                name,
                payload,
            });
        }
    }
    Ok(lines)
}

/// Submits a script: every line at its tick.
///
/// # Errors
/// Names the line whose machine does not exist or whose tick is over; nothing is submitted before all machines are known.
pub fn schedule_script(world: &mut World, lines: Vec<ScriptLine>) -> Result<(), ScriptError> {
    let fail = |line: &ScriptLine, problem: String| ScriptError {
        line: line.line,
        column: 1,
        problem,
    };
    let mut nodes = Vec::with_capacity(lines.len());
    for line in &lines {
        let node = match line.machine.as_str() {
            "world" => Some(NodeId::WORLD),
            name => world.resource::<Nodes>().by_name(name),
        };
        nodes.push(node.ok_or_else(|| fail(line, format!("there is no machine {:?}", line.machine)))?);
    }
    for (line, node) in lines.iter().zip(nodes) {
        submit_at(world, line.tick, node, &line.name, line.payload.clone())
            .map_err(|error: SubmitError| fail(line, error.to_string()))?;
    }
    Ok(())
}

struct Cursor<'a> {
    rest: &'a str,
    whole: &'a str,
}

impl<'a> Cursor<'a> {
    fn column(&self) -> usize {
        self.whole[..self.whole.len() - self.rest.len()].chars().count() + 1
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    fn at_end(&mut self) -> bool {
        self.skip_blanks();
        self.rest.is_empty() || self.rest.starts_with('#')
    }

    fn word(&mut self) -> &'a str {
        self.skip_blanks();
        let end = self.rest.find([' ', '\t']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn take(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn number(&mut self) -> Result<u64, String> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let number = self.rest[..end]
            .parse::<u64>()
            .ok()
            .filter(|number| *number < crate::ids::MAX_SAFE);
        let number = number.ok_or("expected a number of ticks")?;
        self.rest = &self.rest[end..];
        Ok(number)
    }
}

type Parsed = (Tick, String, String, Value);

fn parse_line(commands: &CommandRegistry, cursor: &mut Cursor, last: Tick) -> Result<Option<Parsed>, String> {
    if cursor.at_end() {
        return Ok(None);
    }
    let tick = parse_tick(cursor, last)?;
    cursor.skip_blanks();
    let machine = cursor.word();
    if machine.is_empty() {
        return Err("expected the name of a machine".into());
    }
    cursor.skip_blanks();
    let verb_at = cursor.rest;
    let verb = cursor.word();
    if verb == "command" {
        let (name, payload) = parse_command(cursor)?;
        return Ok(Some((tick, machine.to_owned(), name, payload)));
    }
    let Some(handler) = commands.verbs.get(verb) else {
        cursor.rest = verb_at;
        let known: Vec<&str> = commands.verbs.keys().copied().chain(["command"]).collect();
        return Err(format!("there is no verb {verb:?}; there are: {}", known.join(", ")));
    };
    let mut arguments = Vec::new();
    while !cursor.at_end() {
        arguments.push(parse_argument(cursor)?);
    }
    let (name, payload) = handler(&arguments).inspect_err(|_| cursor.rest = verb_at)?;
    Ok(Some((tick, machine.to_owned(), name, payload)))
}

fn parse_tick(cursor: &mut Cursor, last: Tick) -> Result<Tick, String> {
    let at = cursor.rest;
    let tick = if cursor.take('@') {
        cursor.number()?
    } else if cursor.take('+') {
        last.0 + cursor.number()?
    } else {
        return Err("expected @TICK or +TICKS".into());
    };
    if !cursor.rest.starts_with([' ', '\t']) {
        return Err("expected a blank after the tick".into());
    }
    if tick == 0 || tick < last.0 || tick >= crate::ids::MAX_SAFE {
        cursor.rest = at;
        return Err(match tick {
            0 => "the first tick is 1".into(),
            _ => format!("tick {tick} is before tick {last} of the line above"),
        });
    }
    Ok(Tick(tick))
}

fn parse_command(cursor: &mut Cursor) -> Result<(String, Value), String> {
    cursor.skip_blanks();
    let name = cursor.word();
    if name.is_empty() {
        return Err("expected the name of a command".into());
    }
    cursor.skip_blanks();
    let text = cursor.rest.trim_end();
    let payload: Value = if text.is_empty() {
        json!(null)
    } else {
        serde_json::from_str(text).map_err(|error| format!("the payload is not JSON: {error}"))?
    };
    crate::canon::check(&payload).map_err(|error| error.to_string())?;
    Ok((name.to_owned(), payload))
}

fn parse_argument(cursor: &mut Cursor) -> Result<Value, String> {
    if cursor.rest.starts_with('"') {
        return parse_text(cursor).map(Value::String);
    }
    let at = cursor.rest;
    let word = cursor.word();
    if let Ok(number) = word.parse::<u64>() {
        if number >= crate::ids::MAX_SAFE {
            cursor.rest = at;
            return Err("the number is not below 2^53".into());
        }
        return Ok(json!(number));
    }
    Ok(Value::String(word.to_owned()))
}

fn parse_text(cursor: &mut Cursor) -> Result<String, String> {
    let mut text = String::new();
    cursor.take('"');
    loop {
        let at = cursor.rest;
        let mut chars = cursor.rest.chars();
        let Some(next) = chars.next() else {
            return Err("the text has no closing quote".into());
        };
        cursor.rest = chars.as_str();
        match next {
            '"' => return Ok(text),
            '\\' => text.push(parse_escape(cursor).inspect_err(|_| cursor.rest = at)?),
            other => text.push(other),
        }
    }
}

fn parse_escape(cursor: &mut Cursor) -> Result<char, String> {
    let mut chars = cursor.rest.chars();
    let kind = chars.next();
    let rest = chars.as_str();
    let (found, rest) = match kind {
        Some('n') => ('\n', rest),
        Some('r') => ('\r', rest),
        Some('t') => ('\t', rest),
        Some('e') => ('\u{1b}', rest),
        Some('0') => ('\0', rest),
        Some(same @ ('\\' | '"')) => (same, rest),
        Some('x') => {
            let code = rest.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
            let code = code
                .filter(u8::is_ascii)
                .ok_or("expected two hex digits up to 7f after \\x")?;
            (char::from(code), &rest[2..])
        }
        Some('u') => {
            let inner = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
            let (digits, rest) = inner.ok_or("expected {hex digits} after \\u")?;
            let code = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
            (code.ok_or("\\u names no character")?, rest)
        }
        _ => return Err("unknown escape: there are \\n \\r \\t \\e \\0 \\\\ \\\" \\xNN \\u{N}".into()),
    };
    cursor.rest = rest;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands() -> CommandRegistry {
        let mut commands = CommandRegistry::default();
        commands.verbs.insert("type", |arguments| match arguments {
            [Value::String(text)] => Ok(("tty_input".into(), json!({ "text": text }))),
            _ => Err("type takes one text".into()),
        });
        commands
    }

    #[test]
    fn lines_become_commands() {
        let text = "# comment\n\n@120 home type \"ls \\\"a b\\\" # no comment\\n\\x03\\u{e9}\"  # comment\n+30 world command set {\"a\": 1}\r\n@150 home command go\n";
        let lines = parse_script(&commands(), text).unwrap();
        let expected = [
            (
                3,
                120,
                "home",
                "tty_input",
                json!({"text": "ls \"a b\" # no comment\n\u{3}é"}),
            ),
            (4, 150, "world", "set", json!({"a": 1})),
            (5, 150, "home", "go", json!(null)),
        ];
        let found: Vec<_> = lines
            .iter()
            .map(|l| (l.line, l.tick.0, l.machine.as_str(), l.name.as_str(), l.payload.clone()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn faults_name_line_and_column() {
        let cases = [
            ("home type \"x\"", "1:1: expected @TICK or +TICKS"),
            ("@x home", "1:2: expected a number of ticks"),
            ("@5", "1:3: expected a blank after the tick"),
            ("@0 home type \"x\"", "1:1: the first tick is 1"),
            ("@5 ", "1:4: expected the name of a machine"),
            ("@5 home", "1:8: there is no verb \"\"; there are: type, command"),
            (
                "@5 home tpye \"x\"",
                "1:9: there is no verb \"tpye\"; there are: type, command",
            ),
            ("@5 home type", "1:9: type takes one text"),
            (
                "@5 home type \"é\\q\"",
                "1:16: unknown escape: there are \\n \\r \\t \\e \\0 \\\\ \\\" \\xNN \\u{N}",
            ),
            ("@5 home type \"x", "1:16: the text has no closing quote"),
            (
                "@5 h type \"x\"\n@4 h type \"x\"",
                "2:1: tick 4 is before tick 5 of the line above",
            ),
            ("@5 h command", "1:13: expected the name of a command"),
            (
                "@5 h command x 1.5",
                "1:16: (the row itself): 1.5 is not an integer, and state has no floats",
            ),
            (
                "@5 h command x {",
                "1:16: the payload is not JSON: EOF while parsing an object at line 1 column 1",
            ),
            ("@99999999999999999999 h command x", "1:2: expected a number of ticks"),
        ];
        for (text, expected) in cases {
            assert_eq!(
                parse_script(&commands(), text).unwrap_err().to_string(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn no_text_panics_the_reader() {
        let commands = commands();
        bolero::check!()
            .with_iterations(5_000)
            .with_type::<String>()
            .for_each(|text| {
                let _ = parse_script(&commands, text);
                let _ = parse_script(&commands, &format!("@5 home type \"{text}"));
                let _ = parse_script(&commands, &format!("@5 home command {text}"));
            });
    }
}
