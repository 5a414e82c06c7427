//! The syscall registry: one typed handler for each call of the ABI, and the way from a plain call to its answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_abi::calls::{Syscall, SyscallDef, decode};
use helios_abi::{Errno, IntoValue, NodeId, ProcKey, SysError, Value};

use crate::caps::Scope;
use crate::process::Creds;
use crate::wait::WaitReason;

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completion<T> {
    /// It is answered.
    Done(T),
    /// It waits. The handler runs again, with the same request, when what it waits for may have happened.
    Pending(WaitReason),
    /// Nobody waits for an answer any more: another program is in the caller's place.
    Gone,
}

impl<T> Completion<T> {
    /// The same completion with another answer.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Completion<U> {
        match self {
            Self::Done(value) => Completion::Done(with(value)),
            Self::Pending(reason) => Completion::Pending(reason),
            Self::Gone => Completion::Gone,
        }
    }
}

/// What a handler returns.
pub type SysResult<T> = Result<Completion<T>, SysError>;

/// Who makes a call, and which.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// The process.
    pub key: ProcKey,
    /// Its entity, for this run of the handler only.
    pub entity: Entity,
    /// The call's number in the process's life.
    pub call: u64,
    /// Virtual time at which the call was made, in nanoseconds; the same at every retry.
    pub since_ns: u64,
    /// The handler ran before and answered [`Completion::Pending`].
    pub retry: bool,
    /// The deadline that it gave has passed.
    pub timed_out: bool,
}

impl Caller {
    /// The machine.
    #[must_use]
    pub const fn node(&self) -> NodeId {
        self.key.node
    }

    /// The caller's credentials.
    ///
    /// # Panics
    /// If the caller has ended: handlers run for live processes alone.
    #[must_use]
    pub fn creds<'w>(&self, world: &'w World) -> &'w Creds {
        world.get::<Creds>(self.entity).expect("a caller has credentials")
    }

    /// Checks a capability; a refusal is EPERM and one line in the kernel's log.
    ///
    /// # Errors
    /// EPERM when the caller does not hold `family:verb` on `scope`.
    pub fn require(&self, world: &mut World, family: &str, verb: &str, scope: Scope<'_>) -> Result<(), SysError> {
        if self.creds(world).caps.allows(family, verb, scope) {
            return Ok(());
        }
        let on = match scope {
            Scope::None => String::new(),
            Scope::Path(path) => format!(":{path}"),
            Scope::Port(port) => format!(":{port}"),
        };
        Err(self.refuse(world, &format!("{family}:{verb}{on}")))
    }

    /// EPERM for a capability that the caller does not hold, logged.
    pub(crate) fn refuse(&self, world: &mut World, capability: &str) -> SysError {
        let pid = self.key.pid;
        crate::machine::log_line(
            world,
            self.node(),
            format!("pid {pid}: denied, no capability {capability}"),
        );
        SysError::new(
            Errno::EPERM,
            format!("the program does not hold the capability {capability}"),
        )
    }
}

type Handler = Arc<dyn Fn(&mut World, &Caller, Value) -> SysResult<Value> + Send + Sync>;

/// Every handler, by the name of its call.
#[derive(Resource, Default)]
pub struct Syscalls {
    handlers: BTreeMap<&'static str, (&'static SyscallDef, Handler)>,
    withdrawals: BTreeMap<&'static str, Withdrawal>,
}

/// What is done when a waiting call is withdrawn: given the process and the call's number.
pub type Withdrawal = fn(&mut World, ProcKey, u64);

impl Syscalls {
    /// Names of the calls that have a handler, sorted.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.handlers.keys().copied()
    }

    /// Definitions of the ABI's calls that nothing handles, in the ABI's order.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let all = helios_abi::calls::SYSCALLS.iter().map(|def| def.name);
        all.filter(|name| !self.handlers.contains_key(name)).collect()
    }

    /// The definition of a call that has a handler.
    #[must_use]
    pub fn def(&self, name: &str) -> Option<&'static SyscallDef> {
        self.handlers.get(name).map(|(def, _)| *def)
    }
}

/// Adds syscalls to an app.
pub trait RegisterSyscall {
    /// Attaches the handler of `S`.
    ///
    /// Handlers have the world to themselves and use no deferred commands, so that the next call of the same batch sees
    /// what they did. They run again after [`Completion::Pending`], with [`Caller::retry`] set.
    ///
    /// # Panics
    /// If `S` has a handler.
    fn register_syscall<S: Syscall>(&mut self, handler: fn(&mut World, &Caller, S) -> SysResult<S::Reply>)
    -> &mut Self;

    /// Undoes what `S` has begun when a call that waits is withdrawn: no handler runs for it any more. Of a process that
    /// ends nothing is withdrawn: what it holds goes with it.
    fn register_withdrawal<S: Syscall>(&mut self, withdrawal: Withdrawal) -> &mut Self;
}

impl RegisterSyscall for App {
    fn register_syscall<S: Syscall>(
        &mut self,
        handler: fn(&mut World, &Caller, S) -> SysResult<S::Reply>,
    ) -> &mut Self {
        let erased: Handler = Arc::new(move |world: &mut World, caller: &Caller, args: Value| {
            let request = decode::<S>(args).map_err(|message| SysError::new(Errno::EINVAL, message))?;
            handler(world, caller, request).map(|done| done.map(IntoValue::into_value))
        });
        let mut syscalls = self.world_mut().get_resource_or_init::<Syscalls>();
        let before = syscalls.handlers.insert(S::DEF.name, (S::DEF, erased));
        assert!(before.is_none(), "the syscall {} has two handlers", S::DEF.name);
        self
    }

    fn register_withdrawal<S: Syscall>(&mut self, withdrawal: Withdrawal) -> &mut Self {
        let mut syscalls = self.world_mut().get_resource_or_init::<Syscalls>();
        let before = syscalls.withdrawals.insert(S::DEF.name, withdrawal);
        assert!(before.is_none(), "two withdrawals of {}", S::DEF.name);
        self
    }
}

/// Undoes what a waiting call has begun.
pub(crate) fn withdraw(world: &mut World, key: ProcKey, name: &str, call: u64) {
    if let Some(withdrawal) = world.resource::<Syscalls>().withdrawals.get(name).copied() {
        withdrawal(world, key, call);
    }
}

/// Runs the handler of `name`: an unknown name is ENOSYS, arguments of a wrong shape EINVAL with the field, a family that
/// the caller's capabilities do not name EPERM.
///
/// # Errors
/// Those, and whatever the handler says.
pub(crate) fn invoke(world: &mut World, caller: &Caller, name: &str, args: Value) -> SysResult<Value> {
    let Some((def, handler)) = world.resource::<Syscalls>().handlers.get(name).cloned() else {
        let name: String = name.chars().take(64).collect();
        return Err(SysError::new(
            Errno::ENOSYS,
            format!("there is no syscall named {name}"),
        ));
    };
    if let Some(family) = def.family.name()
        && !caller.creds(world).caps.allows_family(family)
    {
        return Err(caller.refuse(world, family));
    }
    handler(world, caller, args)
}
