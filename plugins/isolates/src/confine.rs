//! What a child gives up before it runs the first script: files, network, new programs, new processes.
//!
//! Landlock denies every file and port where the kernel has it. Seccomp denies every system call that is not on the
//! list below, with EPERM; it needs no such support. Limits bound what the memory-safe part could still waste.

use std::collections::BTreeMap;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _, RulesetStatus,
    Scope,
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};
use serde::{Deserialize, Serialize};

/// How far a child is confined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// What landlock enforces: `full`, `partial` (an older kernel: no ports or signals), or why not.
    pub landlock: String,
    /// Whether the system-call filter is in force. Without it there is no child.
    pub seccomp: bool,
}

/// System calls that a child needs: memory, threads of its own, clocks, and the pipe that it already has.
const ALLOWED: &[libc::c_long] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_close,
    libc::SYS_futex,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mprotect,
    libc::SYS_pkey_mprotect,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_getcpu,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_restart_syscall,
    libc::SYS_getrandom,
    libc::SYS_membarrier,
    libc::SYS_sysinfo,
    // Refused by the other filter with an error that makes the C library use `clone`.
    libc::SYS_clone3,
];

/// Confines this process, for good. It must have no other thread yet.
///
/// # Errors
/// When the system-call filter cannot be put in force.
pub(crate) fn confine() -> Result<Confinement, String> {
    limit_resources();
    let landlock = restrict_files();
    seccompiler::apply_filter(&no_clone3()?).map_err(|error| error.to_string())?;
    seccompiler::apply_filter(&allow_list()?).map_err(|error| error.to_string())?;
    Ok(Confinement {
        landlock,
        seccomp: true,
    })
}

fn limit_resources() {
    let set = |resource, limit| {
        let limit = libc::rlimit {
            rlim_cur: limit,
            rlim_max: limit,
        };
        // SAFETY: the pointer is to a valid structure; a failure leaves the limit as it was, and seccomp stands alone.
        unsafe { libc::setrlimit(resource, &raw const limit) };
    };
    set(libc::RLIMIT_CORE, 0);
    set(libc::RLIMIT_FSIZE, 0);
    set(libc::RLIMIT_NOFILE, 8);
    set(libc::RLIMIT_MEMLOCK, 0);
    set(libc::RLIMIT_MSGQUEUE, 0);
    // SAFETY: plain requests about this process; the parent's death takes it along, and nobody may look into it.
    unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
        libc::prctl(libc::PR_SET_DUMPABLE, 0);
    }
}

/// Takes every file and port away; says what became of it.
fn restrict_files() -> String {
    let restrict = || -> Result<RulesetStatus, landlock::RulesetError> {
        let ruleset = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(ABI::V5))?
            .handle_access(AccessNet::from_all(ABI::V5))?
            .scope(Scope::from_all(ABI::V6))?
            .create()?;
        Ok(ruleset.restrict_self()?.ruleset)
    };
    match restrict() {
        Ok(RulesetStatus::FullyEnforced) => "full".into(),
        Ok(RulesetStatus::PartiallyEnforced) => "partial".into(),
        Ok(RulesetStatus::NotEnforced) => "absent: this kernel has no landlock".into(),
        Err(error) => format!("absent: {error}"),
    }
}

fn compile(filter: Result<SeccompFilter, seccompiler::BackendError>) -> Result<BpfProgram, String> {
    filter.and_then(BpfProgram::try_from).map_err(|error| error.to_string())
}

fn arch() -> Result<seccompiler::TargetArch, String> {
    std::env::consts::ARCH
        .try_into()
        .map_err(|_| format!("there is no filter for {}", std::env::consts::ARCH))
}

fn no_clone3() -> Result<BpfProgram, String> {
    let rules = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
    let refuse = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
    compile(SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch()?))
}

fn allow_list() -> Result<BpfProgram, String> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
    let only = |index, length, operation, value: u64| {
        let condition = SeccompCondition::new(index, length, operation, value).map_err(|error| error.to_string())?;
        SeccompRule::new(vec![condition]).map_err(|error| error.to_string())
    };
    let thread = u64::from(libc::CLONE_THREAD.unsigned_abs());
    // Threads, not processes.
    let clone = only(0, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(thread), thread)?;
    rules.insert(libc::SYS_clone, vec![clone]);
    // Names of threads and of anonymous memory.
    let name = only(
        0,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::Eq,
        u64::from(libc::PR_SET_NAME.unsigned_abs()),
    )?;
    let area = only(
        0,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::Eq,
        u64::from(libc::PR_SET_VMA.unsigned_abs()),
    )?;
    rules.insert(libc::SYS_prctl, vec![name, area]);
    // Reading limits, not setting them.
    let reading = only(2, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, 0)?;
    rules.insert(libc::SYS_prlimit64, vec![reading]);
    // `abort`: signals to itself.
    let own = only(
        0,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::Eq,
        u64::from(std::process::id()),
    )?;
    rules.insert(libc::SYS_tgkill, vec![own]);
    let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    compile(SeccompFilter::new(rules, refuse, SeccompAction::Allow, arch()?))
}

/// Tries what a script that has taken over the process would: `(what, errno)`, zero where it worked.
pub(crate) fn try_to_escape() -> Vec<(String, i32)> {
    let path = c"/etc/passwd".as_ptr();
    let null = std::ptr::null::<libc::c_char>();
    let address = [libc::AF_INET.unsigned_abs() as u16, 0x5000, 0x007f, 0x0100, 0, 0, 0, 0];
    let parent = std::os::unix::process::parent_id().cast_signed();
    let mut results = Vec::new();
    let mut attempt = |what: &str, result: libc::c_long| {
        let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(-1);
        results.push((what.to_owned(), if result >= 0 { 0 } else { errno }));
    };
    // SAFETY: each call has valid pointers to constants or to locals; they are expected to be refused, and where one is
    // not, what it makes is a descriptor or a child that this process's end takes along.
    unsafe {
        attempt("open", libc::syscall(libc::SYS_open, path, libc::O_RDONLY));
        attempt(
            "openat",
            libc::syscall(libc::SYS_openat, libc::AT_FDCWD, path, libc::O_RDONLY),
        );
        attempt(
            "socket",
            libc::syscall(libc::SYS_socket, libc::AF_INET, libc::SOCK_STREAM, 0),
        );
        attempt("connect", libc::syscall(libc::SYS_connect, 0, address.as_ptr(), 16));
        attempt(
            "execve",
            libc::syscall(
                libc::SYS_execve,
                c"/bin/true".as_ptr(),
                [null].as_ptr(),
                [null].as_ptr(),
            ),
        );
        attempt("fork", libc::syscall(libc::SYS_fork));
        attempt("clone", libc::syscall(libc::SYS_clone, libc::SIGCHLD, 0, 0, 0, 0));
        attempt(
            "ptrace",
            libc::syscall(libc::SYS_ptrace, libc::PTRACE_ATTACH, parent, 0, 0),
        );
        attempt("kill", libc::syscall(libc::SYS_kill, parent, 0));
        attempt(
            "process_vm_readv",
            libc::syscall(libc::SYS_process_vm_readv, parent, 0, 0, 0, 0, 0),
        );
        attempt(
            "unlink",
            libc::syscall(libc::SYS_unlink, c"/tmp/helios-escape".as_ptr()),
        );
        attempt("dup", libc::syscall(libc::SYS_dup, 0));
    }
    results
}
