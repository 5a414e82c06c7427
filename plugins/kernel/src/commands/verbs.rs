//! Verbs of script files: the kernel's commands as a person writes them.
//!
//! | verb | command |
//! |---|---|
//! | `boot` | `kernel.boot` |
//! | `power_off` | `kernel.power_off` |
//! | `exec USER "LINE" [SESSION]` | `kernel.exec` of `/bin/sh -c LINE` |
//! | `stdin SESSION "TEXT"` | `kernel.stdin` |
//! | `stdin_close SESSION` | `kernel.stdin_close` |
//! | `signal SESSION SIGNAL` | `kernel.signal`; the signal by name (`TERM`, `SIGTERM`) or number |
//! | `type [TTY] "TEXT"` | `kernel.tty_input`; the console if no terminal is named |
//! | `login SESSION [USER]` | `kernel.terminal` with `/bin/login`: as a user without a password, or asking for one |
//! | `resize TTY ROWS COLUMNS` | `kernel.tty_resize` |
//! | `hangup TTY` | `kernel.tty_hangup` |

use bevy_app::App;
use helios_abi::{Bytes, signal};
use helios_engine::prelude::LogAppExt;
use serde_json::{Value, json};

use crate::boot::CONSOLE;

type Parsed = Result<(String, Value), String>;

/// Registers every verb.
pub(super) fn register(app: &mut App) {
    app.register_verb("boot", |arguments| bare("boot", "kernel.boot", arguments))
        .register_verb("power_off", |arguments| {
            bare("power_off", "kernel.power_off", arguments)
        })
        .register_verb("exec", exec)
        .register_verb("stdin", stdin)
        .register_verb("stdin_close", stdin_close)
        .register_verb("signal", send_signal)
        .register_verb("type", type_text)
        .register_verb("login", login)
        .register_verb("resize", resize)
        .register_verb("hangup", hang_up);
}

fn command(name: &str, payload: Value) -> Parsed {
    Ok((name.to_owned(), payload))
}

fn usage(form: &str) -> Parsed {
    Err(format!("expected: {form}"))
}

fn bare(verb: &str, name: &str, arguments: &[Value]) -> Parsed {
    match arguments {
        [] => command(name, json!({})),
        _ => Err(format!("`{verb}` takes no arguments")),
    }
}

fn exec(arguments: &[Value]) -> Parsed {
    let argv = |line: &str| json!(["/bin/sh", "-c", line]);
    match arguments {
        [Value::String(user), Value::String(line)] => {
            command("kernel.exec", json!({ "user": user, "argv": argv(line) }))
        }
        [Value::String(user), Value::String(line), Value::Number(session)] => command(
            "kernel.exec",
            json!({ "session": session, "user": user, "argv": argv(line) }),
        ),
        _ => usage("exec USER \"LINE\" [SESSION]"),
    }
}

fn stdin(arguments: &[Value]) -> Parsed {
    match arguments {
        [Value::Number(session), Value::String(text)] => {
            command("kernel.stdin", json!({ "session": session, "bytes": bytes(text) }))
        }
        _ => usage("stdin SESSION \"TEXT\""),
    }
}

fn stdin_close(arguments: &[Value]) -> Parsed {
    match arguments {
        [Value::Number(session)] => command("kernel.stdin_close", json!({ "session": session })),
        _ => usage("stdin_close SESSION"),
    }
}

fn send_signal(arguments: &[Value]) -> Parsed {
    match arguments {
        [Value::Number(session), which @ (Value::Number(_) | Value::String(_))] => {
            let number = signal_number(which).ok_or_else(|| format!("there is no signal {which}"))?;
            command("kernel.signal", json!({ "session": session, "signal": number }))
        }
        _ => usage("signal SESSION SIGNAL"),
    }
}

fn type_text(arguments: &[Value]) -> Parsed {
    let (tty, text) = match arguments {
        [Value::String(text)] => (CONSOLE, text),
        [Value::String(tty), Value::String(text)] => (tty.as_str(), text),
        _ => return usage("type [TTY] \"TEXT\""),
    };
    command("kernel.tty_input", json!({ "tty": tty, "bytes": bytes(text) }))
}

/// A screen as terminals have it that nobody has sized.
const ROWS: u16 = 24;
const COLUMNS: u16 = 80;

fn login(arguments: &[Value]) -> Parsed {
    let (session, argv) = match arguments {
        [Value::Number(session)] => (session, json!(["/bin/login"])),
        [Value::Number(session), Value::String(user)] => (session, json!(["/bin/login", "-f", user])),
        _ => return usage("login SESSION [USER]"),
    };
    let payload = json!({ "session": session, "argv": argv, "rows": ROWS, "columns": COLUMNS });
    command("kernel.terminal", payload)
}

fn resize(arguments: &[Value]) -> Parsed {
    match arguments {
        [Value::String(tty), Value::Number(rows), Value::Number(columns)] => command(
            "kernel.tty_resize",
            json!({ "tty": tty, "rows": rows, "columns": columns }),
        ),
        _ => usage("resize TTY ROWS COLUMNS"),
    }
}

fn hang_up(arguments: &[Value]) -> Parsed {
    match arguments {
        [Value::String(tty)] => command("kernel.tty_hangup", json!({ "tty": tty })),
        _ => usage("hangup TTY"),
    }
}

fn signal_number(which: &Value) -> Option<i32> {
    let found = signal::ALL.iter().find(|(number, name, _)| match which {
        Value::String(text) => text == name || Some(text.as_str()) == name.strip_prefix("SIG"),
        number_given => number_given.as_i64() == Some(i64::from(*number)),
    });
    found.map(|(number, ..)| *number)
}

/// Text as a payload carries bytes: in base64.
fn bytes(text: &str) -> Value {
    serde_json::to_value(Bytes(text.as_bytes().to_vec())).expect("bytes are a text")
}
