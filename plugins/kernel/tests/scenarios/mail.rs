//! Mailboxes.

use helios_abi::calls::{MailboxRecv, MailboxSend, Sleep};
use helios_abi::{Bytes, Pid};
use helios_kernel::testing::{exec, print, run, run_session, test_app};

use crate::script;

#[test]
fn messages_arrive_in_order_with_their_sender() {
    let mut app = test_app(&[
        (
            "receiver",
            script!(sys => {
                for _ in 0..3 {
                    let message = sys.call(MailboxRecv { nohang: None }).await.unwrap();
                    print(&sys, format!("{}:{}:{} ", message.from, message.uid, String::from_utf8(message.data.0).unwrap())).await;
                }
                let empty = sys.call(MailboxRecv { nohang: Some(true) }).await.unwrap_err();
                print(&sys, empty.errno.name()).await;
                Ok(0)
            }),
        ),
        (
            "sender",
            script!(sys => {
                for text in ["one", "two", "three"] {
                    sys.call(MailboxSend { pid: Pid(2), data: Bytes(text.into()) }).await.unwrap();
                }
                let nobody = sys.call(MailboxSend { pid: Pid(99), data: Bytes(vec![]) }).await.unwrap_err();
                Ok(nobody.errno as i32)
            }),
        ),
    ]);
    exec(&mut app, 1, "root", &["receiver"]);
    run(&mut app, 2);
    exec(&mut app, 2, "player", &["sender"]);
    assert_eq!(run_session(&mut app, 2).2, 3);
    assert_eq!(run_session(&mut app, 1).0, "3:1000:one 3:1000:two 3:1000:three EAGAIN");
}

#[test]
fn a_full_mailbox_and_a_long_message_are_refused() {
    let mut app = test_app(&[
        (
            "deaf",
            script!(sys => {
                sys.call(Sleep { ns: u64::MAX >> 12 }).await.unwrap();
                Ok(0)
            }),
        ),
        (
            "sender",
            script!(sys => {
                let send = |bytes: usize| sys.call(MailboxSend { pid: Pid(2), data: Bytes(vec![b'x'; bytes]) });
                let long = send((64 << 10) + 1).await.unwrap_err().errno;
                let mut sent = 0;
                let full = loop {
                    match send(1).await {
                        Ok(()) => sent += 1,
                        Err(error) => break error.errno,
                    }
                };
                print(&sys, format!("{long} {sent} {full}")).await;
                Ok(0)
            }),
        ),
    ]);
    exec(&mut app, 1, "player", &["deaf"]);
    run(&mut app, 2);
    exec(&mut app, 2, "player", &["sender"]);
    assert_eq!(run_session(&mut app, 2).0, "EMSGSIZE 64 EAGAIN");
}
