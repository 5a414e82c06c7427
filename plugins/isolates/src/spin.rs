//! Waiting for a message that is probably on its way.
//!
//! A slice is often shorter than the time in which a sleeping thread wakes on another core, most of all on a virtual
//! machine. So both ends look for a while before they sleep.

use crossbeam::channel::{Receiver, RecvError, TryRecvError};

/// How often a receiver looks before it sleeps: some tens of microseconds.
const LOOKS: u32 = 400;
/// Looks after which another thread of this core is let run first, at each further one.
const LOOKS_ALONE: u32 = 40;

/// Receives, looking for a while before it sleeps.
pub(crate) fn receive<T>(from: &Receiver<T>) -> Result<T, RecvError> {
    for look in 0..LOOKS {
        match from.try_recv() {
            Ok(message) => return Ok(message),
            Err(TryRecvError::Disconnected) => return Err(RecvError),
            Err(TryRecvError::Empty) if look < LOOKS_ALONE => core::hint::spin_loop(),
            Err(TryRecvError::Empty) => std::thread::yield_now(),
        }
    }
    from.recv()
}

#[cfg(test)]
mod tests {
    use super::receive;

    #[test]
    fn messages_come_in_order_and_an_end_is_an_error() {
        let (to, from) = crossbeam::channel::unbounded();
        let sender = std::thread::spawn(move || (0..1_000).for_each(|n| to.send(n).expect("the receiver waits")));
        assert!((0..1_000).all(|n| receive(&from) == Ok(n)));
        sender.join().expect("the sender ends");
        assert!(receive(&from).is_err());
    }
}
