//! Descriptors, pipes, poll, host streams.

use helios_abi::calls::{Close, Dup, Fstat, Pipe, Poll, PollFd, Read, Seek, Write};
use helios_abi::{Bytes, Errno};
use helios_kernel::testing::{exec, home, print, read_all, run, run_session, spawn, test_app, write_all};
use serde_json::json;

use crate::script;

#[test]
fn a_pipe_carries_more_than_it_holds() {
    let mut app = test_app(&[
        (
            "main",
            script!(sys => {
                let ends = sys.call(Pipe {}).await.unwrap();
                spawn(&sys, &["writer"], Some(&[(1, ends.write), (2, 2)])).await.unwrap();
                sys.call(Close { fd: ends.write }).await.unwrap();
                let all = read_all(&sys, ends.read).await.unwrap();
                let right = all.iter().enumerate().all(|(at, byte)| *byte == (at / 1000) as u8);
                print(&sys, format!("{} {right}\n", all.len())).await;
                Ok(0)
            }),
        ),
        (
            "writer",
            script!(sys => {
                let data = (0..300_000).map(|at| (at / 1000) as u8).collect();
                write_all(&sys, 1, data).await.unwrap();
                Ok(0)
            }),
        ),
    ]);
    exec(&mut app, 1, "player", &["main"]);
    assert_eq!(run_session(&mut app, 1), ("300000 true\n".into(), String::new(), 0));
}

#[test]
fn writing_to_nobody_is_a_broken_pipe() {
    let broken = script!(sys => {
        if sys.args().len() > 1 {
            let ignore = helios_abi::calls::Sigaction { signal: 13, action: "ignore".into() };
            sys.call(ignore).await.unwrap();
        }
        let ends = sys.call(Pipe {}).await.unwrap();
        sys.call(Close { fd: ends.read }).await.unwrap();
        let error = write_all(&sys, ends.write, b"x".to_vec()).await.unwrap_err();
        print(&sys, error.errno.name()).await;
        Ok(0)
    });
    let mut app = test_app(&[("broken", broken)]);
    exec(&mut app, 1, "player", &["broken"]);
    exec(&mut app, 2, "player", &["broken", "ignore"]);
    assert_eq!(run_session(&mut app, 1), (String::new(), String::new(), 128 + 13));
    assert_eq!(run_session(&mut app, 2), ("EPIPE".into(), String::new(), 0));
}

#[test]
fn readers_are_served_in_the_order_in_which_they_came() {
    let mut app = test_app(&[(
        "main",
        script!(sys => {
            let ends = sys.call(Pipe {}).await.unwrap();
            let read = || sys.call(Read { fd: ends.read, count: 1, offset: None });
            let (first, second, third) = (read(), read(), read());
            write_all(&sys, ends.write, b"abc".to_vec()).await.unwrap();
            let text: Vec<u8> = [third.await, second.await, first.await].into_iter().flat_map(|got| got.unwrap().0).collect();
            print(&sys, String::from_utf8(text).unwrap()).await;
            Ok(0)
        }),
    )]);
    exec(&mut app, 1, "player", &["main"]);
    assert_eq!(run_session(&mut app, 1).0, "cba");
}

#[test]
fn duplicates_share_an_offset_and_the_last_one_closes() {
    let mut app = test_app(&[(
        "main",
        script!(sys => {
            let ends = sys.call(Pipe {}).await.unwrap();
            let copy = sys.call(Dup { fd: ends.write, to: None }).await.unwrap();
            let high = sys.call(Dup { fd: ends.write, to: Some(20) }).await.unwrap();
            sys.call(Close { fd: ends.write }).await.unwrap();
            write_all(&sys, copy, b"through".to_vec()).await.unwrap();
            sys.call(Close { fd: copy }).await.unwrap();
            write_all(&sys, high, b" both".to_vec()).await.unwrap();
            sys.call(Close { fd: high }).await.unwrap();
            let text = read_all(&sys, ends.read).await.unwrap();
            print(&sys, format!("{high} {}", String::from_utf8(text).unwrap())).await;
            Ok(0)
        }),
    )]);
    exec(&mut app, 1, "player", &["main"]);
    assert_eq!(run_session(&mut app, 1).0, "20 through both");
}

#[test]
fn poll_sees_readiness_ends_and_bad_descriptors() {
    let mut app = test_app(&[(
        "main",
        script!(sys => {
            let ends = sys.call(Pipe {}).await.unwrap();
            let poll = |fds: &[(i32, u32)], timeout_ms| {
                let fds = fds.iter().map(|&(fd, events)| PollFd { fd, events }).collect();
                sys.call(Poll { fds, timeout_ms })
            };
            let mut seen = Vec::new();
            seen.push(poll(&[(ends.read, 1), (ends.write, 4), (99, 1)], Some(0)).await.unwrap());
            let start = sys.tick();
            seen.push(poll(&[(ends.read, 1)], Some(7)).await.unwrap());
            let waited = sys.tick() - start;
            let waiting = poll(&[(ends.read, 1)], None);
            write_all(&sys, ends.write, b"x".to_vec()).await.unwrap();
            seen.push(waiting.await.unwrap());
            sys.call(Close { fd: ends.write }).await.unwrap();
            seen.push(poll(&[(ends.read, 1)], None).await.unwrap());
            let text: Vec<Vec<(i32, u32)>> = seen.into_iter().map(|all| all.iter().map(|one| (one.fd, one.revents)).collect()).collect();
            print(&sys, format!("{text:?} {waited}")).await;
            Ok(0)
        }),
    )]);
    exec(&mut app, 1, "player", &["main"]);
    assert_eq!(
        run_session(&mut app, 1).0,
        "[[(4, 4), (99, 32)], [], [(3, 1)], [(3, 17)]] 7"
    );
}

#[test]
fn wrong_uses_of_descriptors_have_their_errors() {
    let mut app = test_app(&[(
        "main",
        script!(sys => {
            let ends = sys.call(Pipe {}).await.unwrap();
            let read = |fd, offset| sys.call(Read { fd, count: 1, offset });
            let mut errors = vec![read(ends.write, None).await.unwrap_err(), read(77, None).await.unwrap_err(), read(-1, None).await.unwrap_err()];
            errors.push(read(ends.read, Some(0)).await.unwrap_err());
            errors.push(sys.call(Write { fd: ends.read, data: Bytes(vec![1]), offset: None }).await.unwrap_err());
            errors.push(sys.call(Seek { fd: ends.read, offset: 0, whence: 0 }).await.unwrap_err());
            errors.push(sys.call(Close { fd: 50 }).await.unwrap_err());
            errors.push(sys.call(Dup { fd: ends.read, to: Some(100_000) }).await.unwrap_err());
            let fds = (0..257).map(|fd| PollFd { fd, events: 1 }).collect();
            errors.push(sys.call(Poll { fds, timeout_ms: Some(0) }).await.unwrap_err());
            assert!(sys.call(Fstat { fd: ends.read }).await.is_ok());
            let names: Vec<&str> = errors.iter().map(|error| error.errno.name()).collect();
            print(&sys, names.join(" ")).await;
            Ok(0)
        }),
    )]);
    exec(&mut app, 1, "player", &["main"]);
    assert_eq!(
        run_session(&mut app, 1).0,
        "EBADF EBADF EBADF ESPIPE EBADF ESPIPE EBADF EBADF EINVAL"
    );
}

#[test]
fn closing_a_descriptor_ends_the_reads_that_wait_on_it() {
    let mut app = test_app(&[(
        "main",
        script!(sys => {
            let ends = sys.call(Pipe {}).await.unwrap();
            let waiting = sys.call(Read { fd: ends.read, count: 1, offset: None });
            sys.call(Close { fd: ends.read }).await.unwrap();
            print(&sys, waiting.await.unwrap_err().errno.name()).await;
            Ok(0)
        }),
    )]);
    exec(&mut app, 1, "player", &["main"]);
    assert_eq!(run_session(&mut app, 1).0, Errno::EBADF.name());
}

#[test]
fn standard_input_comes_through_the_log() {
    let mut app = test_app(&[(
        "upper",
        script!(sys => {
            let text = read_all(&sys, 0).await.unwrap();
            print(&sys, String::from_utf8(text).unwrap().to_uppercase()).await;
            Err("and then it fails".into())
        }),
    )]);
    exec(&mut app, 5, "player", &["upper"]);
    run(&mut app, 3);
    let world = app.world_mut();
    helios_engine::log::submit(
        world,
        home(),
        "kernel.stdin",
        json!({ "session": 5, "bytes": "aGVsbG8=" }),
    )
    .unwrap();
    helios_engine::log::submit(world, home(), "kernel.stdin_close", json!({ "session": 5 })).unwrap();
    assert_eq!(
        run_session(&mut app, 5),
        ("HELLO".into(), "and then it fails\n".into(), 1)
    );
}
