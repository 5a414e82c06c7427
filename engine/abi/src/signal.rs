//! Signals, with Linux's numbers.

/// What a signal does to a process that neither handles nor ignores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultAction {
    /// Ends it.
    Terminate,
    /// Stops it until SIGCONT.
    Stop,
    /// Lets a stopped process go on.
    Continue,
    /// Nothing.
    Ignore,
}

macro_rules! signals {
    ($($name:ident = $number:literal, $action:ident;)*) => {
        $(#[doc = concat!("Signal ", $number, ".")] pub const $name: i32 = $number;)*

        /// Every signal: number, name, default action.
        pub const ALL: &[(i32, &str, DefaultAction)] = &[$(($number, stringify!($name), DefaultAction::$action),)*];
    };
}

signals! {
    SIGHUP = 1, Terminate;
    SIGINT = 2, Terminate;
    SIGQUIT = 3, Terminate;
    SIGILL = 4, Terminate;
    SIGTRAP = 5, Terminate;
    SIGABRT = 6, Terminate;
    SIGBUS = 7, Terminate;
    SIGFPE = 8, Terminate;
    SIGKILL = 9, Terminate;
    SIGUSR1 = 10, Terminate;
    SIGSEGV = 11, Terminate;
    SIGUSR2 = 12, Terminate;
    SIGPIPE = 13, Terminate;
    SIGALRM = 14, Terminate;
    SIGTERM = 15, Terminate;
    SIGCHLD = 17, Ignore;
    SIGCONT = 18, Continue;
    SIGSTOP = 19, Stop;
    SIGTSTP = 20, Stop;
    SIGTTIN = 21, Stop;
    SIGTTOU = 22, Stop;
    SIGURG = 23, Ignore;
    SIGXCPU = 24, Terminate;
    SIGXFSZ = 25, Terminate;
    SIGWINCH = 28, Ignore;
    SIGIO = 29, Terminate;
    SIGPWR = 30, Ignore;
    SIGSYS = 31, Terminate;
}

/// The default action of a signal, or `None` if there is no such signal.
#[must_use]
pub fn default_action(signal: i32) -> Option<DefaultAction> {
    ALL.iter()
        .find(|(number, ..)| *number == signal)
        .map(|(.., action)| *action)
}

/// A signal's name, or `None` if there is no such signal.
#[must_use]
pub fn name(signal: i32) -> Option<&'static str> {
    ALL.iter()
        .find(|(number, ..)| *number == signal)
        .map(|(_, name, _)| *name)
}
