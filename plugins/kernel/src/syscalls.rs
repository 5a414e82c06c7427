//! Handlers of the kernel's own syscalls, one file a family. Path syscalls are the fs plugin's.

use bevy_app::App;

use crate::syscall::RegisterSyscall;

mod creds;
mod files;
mod jobs;
mod load;
mod machine;
mod mail;
mod process;
mod signals;
mod snapshot;
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
        .register_syscall(process::exec)
        .register_syscall(load::load)
        .register_syscall(machine::system_info)
        .register_syscall(machine::sethostname)
        .register_syscall(machine::power)
        .register_syscall(machine::klog)
        .register_syscall(creds::setcreds)
        .register_syscall(creds::priority)
        .register_syscall(creds::rlimit)
        .register_syscall(creds::password_hash)
        .register_syscall(jobs::setsid)
        .register_syscall(jobs::setpgid)
        .register_syscall(jobs::tcgetattr)
        .register_syscall(jobs::tcsetattr)
        .register_syscall(jobs::tcgetwinsize)
        .register_syscall(jobs::tcsetwinsize)
        .register_syscall(jobs::tcgetpgrp)
        .register_syscall(jobs::tcsetpgrp)
        .register_syscall(jobs::set_ctty)
        .register_syscall(jobs::openpty)
        .register_syscall(signals::kill)
        .register_syscall(signals::sigaction)
        .register_syscall(signals::sigmask)
        .register_syscall(time::sleep)
        .register_syscall(time::cancel)
        .register_syscall(mail::mailbox_send)
        .register_syscall(mail::mailbox_recv)
        .register_syscall(trace::trace_attach)
        .register_syscall(trace::trace_read)
        .register_syscall(snapshot::snapshot)
        .register_syscall(snapshot::save_snapshot)
        .register_syscall(snapshot::save_snapshot_named)
        .register_syscall(snapshot::load_snapshot_named)
        .register_syscall(snapshot::list_snapshots)
        .register_syscall(snapshot::remove_snapshot);
}
