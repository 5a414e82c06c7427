//! Calls on mailboxes.

use bevy_ecs::prelude::*;
use helios_abi::calls::{MailboxRecv, MailboxSend, Message};
use helios_abi::{Errno, ProcKey, SysError};

use crate::caps::Scope;
use crate::lifecycle::alive;
use crate::process::{MAILBOX_MESSAGES, MESSAGE_BYTES, Mailbox};
use crate::syscall::{Caller, Completion, SysResult};
use crate::wait::{WaitKey, WaitReason, wake};

pub(super) fn mailbox_send(world: &mut World, caller: &Caller, call: MailboxSend) -> SysResult<()> {
    caller.require(world, "ipc", "send", Scope::None)?;
    if call.data.0.len() > MESSAGE_BYTES {
        return Err(SysError::new(
            Errno::EMSGSIZE,
            format!("a message has at most {MESSAGE_BYTES} bytes, not {}", call.data.0.len()),
        ));
    }
    let to = ProcKey {
        pid: call.pid,
        ..caller.key
    };
    let receiver = alive(world, to);
    let receiver = receiver.ok_or_else(|| SysError::new(Errno::ESRCH, format!("there is no process {}", call.pid)))?;
    let uid = caller.creds(world).euid;
    let mut mailbox = world.get_mut::<Mailbox>(receiver).expect("a process has all its rows");
    if mailbox.messages.len() >= MAILBOX_MESSAGES {
        return Err(SysError::new(
            Errno::EAGAIN,
            format!("{MAILBOX_MESSAGES} messages wait for process {}", call.pid),
        ));
    }
    mailbox.messages.push_back(Message {
        from: caller.key.pid,
        uid,
        data: call.data,
    });
    wake(world, caller.node(), WaitKey::Mail(call.pid));
    Ok(Completion::Done(()))
}

pub(super) fn mailbox_recv(world: &mut World, caller: &Caller, call: MailboxRecv) -> SysResult<Message> {
    caller.require(world, "ipc", "recv", Scope::None)?;
    let mut mailbox = world
        .get_mut::<Mailbox>(caller.entity)
        .expect("a process has all its rows");
    match mailbox.messages.pop_front() {
        Some(message) => Ok(Completion::Done(message)),
        None if call.nohang == Some(true) => Err(SysError::new(Errno::EAGAIN, "no message waits")),
        None => Ok(Completion::Pending(WaitReason::on(WaitKey::Mail(caller.key.pid)))),
    }
}
