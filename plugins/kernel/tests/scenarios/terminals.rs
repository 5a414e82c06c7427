//! The console.

use helios_abi::calls::{Sigaction, Sleep, Spawn};
use helios_abi::signal;
use helios_kernel::testing::{ScriptFuture, Sys, TestWorld, any_child, home, print, read_all, run, spawn_of};
use helios_kernel::{HostOutputs, proc};
use serde_json::json;

use crate::script;

/// An `init` that runs one program on the console, for ever.
fn getty(sys: Sys) -> ScriptFuture {
    Box::pin(async move {
        sys.call(Sigaction {
            signal: signal::SIGCHLD,
            action: "handle".into(),
        })
        .await
        .unwrap();
        sys.call(Spawn {
            tty: Some("tty0".to_owned()),
            ..spawn_of(&["main"])
        })
        .await
        .unwrap();
        loop {
            sys.signal().await;
            while let Ok(Some(_)) = sys
                .call(helios_abi::calls::Wait {
                    nohang: Some(true),
                    ..any_child()
                })
                .await
            {}
        }
    })
}

fn type_text(app: &mut bevy_app::App, base64: &str) {
    helios_engine::log::submit(
        app.world_mut(),
        home(),
        "kernel.tty_input",
        json!({ "tty": "tty0", "bytes": base64 }),
    )
    .unwrap();
    run(app, 3);
}

fn screen(app: &mut bevy_app::App) -> String {
    String::from_utf8(app.world_mut().resource_mut::<HostOutputs>().take_tty(home(), "tty0")).unwrap()
}

#[test]
fn lines_are_echoed_and_read_and_control_d_ends_them() {
    let mut app = TestWorld::new(&[
        ("init", getty),
        (
            "main",
            script!(sys => {
                let text = String::from_utf8(read_all(&sys, 0).await.unwrap()).unwrap();
                print(&sys, format!("got {text:?}\n")).await;
                Ok(0)
            }),
        ),
    ])
    .build();
    run(&mut app, 3);
    type_text(&mut app, "aGlpfwo="); // "hii<erase>\n"
    assert_eq!(screen(&mut app), "hii\u{8} \u{8}\r\n");
    type_text(&mut app, "BA=="); // ^D
    assert_eq!(screen(&mut app), "got \"hi\\n\"\r\n");
}

#[test]
fn control_c_interrupts_what_has_the_terminal() {
    let mut app = TestWorld::new(&[
        ("init", getty),
        (
            "main",
            script!(sys => {
                sys.call(Sleep { ns: 1 << 50 }).await.unwrap();
                Ok(0)
            }),
        ),
    ])
    .build();
    run(&mut app, 3);
    assert_eq!(proc::pids(app.world(), home()).len(), 2);
    assert!(
        proc::process_file(
            app.world(),
            helios_abi::ProcKey {
                node: home(),
                pid: helios_abi::Pid(2)
            },
            "stat"
        )
        .unwrap()
        .contains(" tty0 ")
    );
    type_text(&mut app, "Aw==");
    assert_eq!(
        (proc::pids(app.world(), home()).len(), screen(&mut app).as_str()),
        (1, "^C")
    );
}
