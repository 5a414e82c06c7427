//! Handlers of the kernel's own syscalls, one file a family. Path syscalls are the fs plugin's.

use bevy_app::App;

use crate::syscall::RegisterSyscall;

mod files;
mod mail;
mod process;
mod signals;
mod time;
mod trace;

/// Registers every handler.
pub(crate) fn register(app: &mut App) {
    app.register_syscall(files::read)
        .register_syscall(files::write)
        .register_syscall(files::close)
        .register_syscall(files::seek)
        .register_syscall(files::dup)
        .register_syscall(files::pipe)
        .register_syscall(files::poll)
        .register_syscall(files::fstat)
        .register_syscall(process::umask)
        .register_syscall(process::spawn)
        .register_syscall(process::wait)
        .register_syscall(process::exit)
        .register_syscall(process::process_info)
        .register_syscall(process::system_info)
        .register_syscall(signals::kill)
        .register_syscall(signals::sigaction)
        .register_syscall(time::sleep)
        .register_syscall(time::cancel)
        .register_syscall(mail::mailbox_send)
        .register_syscall(mail::mailbox_recv)
        .register_syscall(trace::trace_attach)
        .register_syscall(trace::trace_read);
}
