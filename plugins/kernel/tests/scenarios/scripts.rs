//! Script files: the kernel's verbs.

use bevy_app::App;
use helios_abi::Bytes;
use helios_engine::log::{CommandRegistry, parse_script, schedule_script};
use helios_kernel::files::host::UNNAMED_SESSIONS;
use helios_kernel::machine::{Power, machine};
use helios_kernel::testing::{ScriptFuture, Sys, home, print, read_all, run, test_app};
use helios_kernel::{HostOutputs, proc};
use serde_json::{Value, json};

/// `sh -c LINE`: says the line; `wait` waits for ever; `read` says its input first.
fn sh(sys: Sys) -> ScriptFuture {
    Box::pin(async move {
        let line = sys.args()[2].clone();
        match line.as_str() {
            "wait" => std::future::pending::<()>().await,
            "read" => {
                let text = String::from_utf8(read_all(&sys, 0).await.unwrap()).unwrap();
                print(&sys, &format!("read {text:?}")).await;
            }
            _ => print(&sys, &line).await,
        }
        Ok(0)
    })
}

fn commands(app: &App, line: &str) -> Result<(String, Value), String> {
    let parsed = parse_script(app.world().resource::<CommandRegistry>(), line).map_err(|error| error.problem)?;
    Ok((parsed[0].name.clone(), parsed[0].payload.clone()))
}

fn play(app: &mut App, script: &str) {
    let lines = parse_script(app.world().resource::<CommandRegistry>(), script).unwrap();
    schedule_script(app.world_mut(), lines).unwrap();
}

fn output(app: &mut App, session: u64) -> (String, Option<(Option<i32>, Option<i32>)>) {
    let mut outputs = app.world_mut().resource_mut::<HostOutputs>();
    let text = String::from_utf8(outputs.take_output(session).stdout).unwrap();
    (
        text,
        outputs
            .session_status(session)
            .map(|status| (status.code, status.signal)),
    )
}

#[test]
fn verbs_become_commands() {
    let app = test_app(&[]);
    let bytes = |text: &str| serde_json::to_value(Bytes(text.as_bytes().to_vec())).unwrap();
    let argv = json!(["/bin/sh", "-c", "ls /"]);
    for (line, name, payload) in [
        ("boot", "boot", json!({})),
        ("power_off", "power_off", json!({})),
        (
            "exec player \"ls /\"",
            "exec",
            json!({ "user": "player", "argv": argv }),
        ),
        (
            "exec player \"ls /\" 7",
            "exec",
            json!({ "user": "player", "argv": argv, "session": 7 }),
        ),
        (
            "stdin 7 \"a\\n\"",
            "stdin",
            json!({ "session": 7, "bytes": bytes("a\n") }),
        ),
        ("stdin_close 7", "stdin_close", json!({ "session": 7 })),
        ("signal 7 TERM", "signal", json!({ "session": 7, "signal": 15 })),
        ("signal 7 SIGINT", "signal", json!({ "session": 7, "signal": 2 })),
        ("signal 7 9", "signal", json!({ "session": 7, "signal": 9 })),
        (
            "type \"ls\\n\"",
            "tty_input",
            json!({ "tty": "tty0", "bytes": bytes("ls\n") }),
        ),
        (
            "type tty1 \"\\x03\"",
            "tty_input",
            json!({ "tty": "tty1", "bytes": bytes("\u{3}") }),
        ),
    ] {
        let found = commands(&app, &format!("@1 home {line}"));
        assert_eq!(found, Ok((format!("kernel.{name}"), payload)), "{line}");
    }
}

#[test]
fn wrong_arguments_are_told_the_right_form() {
    let app = test_app(&[]);
    for (line, problem) in [
        ("boot 1", "`boot` takes no arguments"),
        ("exec player", "expected: exec USER \"LINE\" [SESSION]"),
        ("exec 1 \"ls\"", "expected: exec USER \"LINE\" [SESSION]"),
        ("stdin \"a\"", "expected: stdin SESSION \"TEXT\""),
        ("stdin_close", "expected: stdin_close SESSION"),
        ("signal 7", "expected: signal SESSION SIGNAL"),
        ("signal 7 NONE", "there is no signal \"NONE\""),
        ("signal 7 0", "there is no signal 0"),
        ("type", "expected: type [TTY] \"TEXT\""),
    ] {
        assert_eq!(
            commands(&app, &format!("@1 home {line}")),
            Err(problem.to_owned()),
            "{line}"
        );
    }
}

#[test]
fn a_script_drives_sessions() {
    let mut app = test_app(&[("sh", sh)]);
    play(
        &mut app,
        "@3 home exec player \"hello\" 7\n+1 home exec player \"read\" 8\n+1 home stdin 8 \"text\"\n+1 home stdin_close 8\n\
         @10 home exec player \"wait\" 9\n+5 home signal 9 TERM\n",
    );
    run(&mut app, 30);
    assert_eq!(output(&mut app, 7), ("hello".to_owned(), Some((Some(0), None))));
    assert_eq!(output(&mut app, 8), ("read \"text\"".to_owned(), Some((Some(0), None))));
    assert_eq!(output(&mut app, 9), (String::new(), Some((None, Some(15)))));
}

#[test]
fn sessions_without_a_number_have_no_input_and_no_output() {
    let mut app = test_app(&[("sh", sh)]);
    play(
        &mut app,
        "@3 home exec player \"wait\"\n@3 home exec player \"wait\"\n@4 home exec player \"read\"\n",
    );
    run(&mut app, 20);
    let waiting = proc::pids(app.world(), home()).len();
    assert_eq!(
        waiting, 3,
        "init and the two that wait: the third saw the end of its input"
    );
    for session in UNNAMED_SESSIONS..UNNAMED_SESSIONS + 3 {
        assert_eq!(output(&mut app, session), (String::new(), None));
    }
    // Their numbers are not to be had otherwise.
    let payload = format!(
        "@30 home command kernel.exec {{\"session\":{UNNAMED_SESSIONS},\"user\":\"player\",\"argv\":[\"/bin/sh\"]}}"
    );
    play(&mut app, &payload);
    run(&mut app, 15);
    let refusals = app
        .world_mut()
        .resource_mut::<helios_engine::log::Log>()
        .take_refusals();
    assert_eq!(refusals.len(), 1);
    assert_eq!(refusals[0].error.0, "session: expected a number below 2^52");
}

#[test]
fn what_is_switched_off_is_off_and_not_halted() {
    let mut app = test_app(&[("sh", sh)]);
    play(
        &mut app,
        "@5 home power_off\n@8 home boot\n@12 home exec player \"again\" 7\n",
    );
    run(&mut app, 6);
    assert_eq!(machine(app.world(), home()).power, Power::Off);
    run(&mut app, 4);
    assert_eq!(machine(app.world(), home()).power, Power::On { since_tick: 8 });
    run(&mut app, 10);
    assert_eq!(output(&mut app, 7).0, "again");
}
