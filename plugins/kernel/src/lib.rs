//! Machines, processes, capabilities, the scheduler and syscall dispatch.
