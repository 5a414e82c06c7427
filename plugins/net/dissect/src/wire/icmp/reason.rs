//! Codes of ICMP's errors.

/// Why a datagram cannot be delivered (RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unreachable {
    /// No way to the network.
    Network,
    /// No way to the host: nobody answers for its address.
    Host,
    /// The host does not know the protocol.
    Protocol,
    /// Nobody listens at the port.
    Port,
    /// It does not fit the next link, and may not be fragmented.
    FragmentationNeeded {
        /// The MTU of that link (RFC 1191 section 4); 0 where the router does not say.
        mtu: u16,
    },
    /// The source route cannot be followed.
    SourceRouteFailed,
    /// The network is not known. Routers do not send it.
    NetworkUnknown,
    /// The host is not known, says its link.
    HostUnknown,
    /// The source is cut off. Nobody sends it any more.
    SourceIsolated,
    /// The network must not be talked to.
    NetworkProhibited,
    /// The host must not be talked to.
    HostProhibited,
    /// No way to the network for this type of service.
    NetworkService,
    /// No way to the host for this type of service.
    HostService,
    /// A filter forbids it.
    Prohibited,
    /// The host forbids the precedence.
    PrecedenceViolation,
    /// The network asks for a higher precedence.
    PrecedenceCutoff,
}

impl Unreachable {
    /// What a code means; `mtu` is the second half of the header's rest.
    #[must_use]
    pub const fn from_code(code: u8, mtu: u16) -> Option<Self> {
        Some(match code {
            0 => Self::Network,
            1 => Self::Host,
            2 => Self::Protocol,
            3 => Self::Port,
            4 => Self::FragmentationNeeded { mtu },
            5 => Self::SourceRouteFailed,
            6 => Self::NetworkUnknown,
            7 => Self::HostUnknown,
            8 => Self::SourceIsolated,
            9 => Self::NetworkProhibited,
            10 => Self::HostProhibited,
            11 => Self::NetworkService,
            12 => Self::HostService,
            13 => Self::Prohibited,
            14 => Self::PrecedenceViolation,
            15 => Self::PrecedenceCutoff,
            _ => return None,
        })
    }

    /// The code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Network => 0,
            Self::Host => 1,
            Self::Protocol => 2,
            Self::Port => 3,
            Self::FragmentationNeeded { .. } => 4,
            Self::SourceRouteFailed => 5,
            Self::NetworkUnknown => 6,
            Self::HostUnknown => 7,
            Self::SourceIsolated => 8,
            Self::NetworkProhibited => 9,
            Self::HostProhibited => 10,
            Self::NetworkService => 11,
            Self::HostService => 12,
            Self::Prohibited => 13,
            Self::PrecedenceViolation => 14,
            Self::PrecedenceCutoff => 15,
        }
    }

    /// The MTU where the datagram was too long, 0 otherwise.
    #[must_use]
    pub const fn mtu(self) -> u16 {
        match self {
            Self::FragmentationNeeded { mtu } => mtu,
            _ => 0,
        }
    }

    /// Whether it ends a connection that is being opened: TCP gives up at once for these (RFC 1122 section 4.2.3.9).
    #[must_use]
    pub const fn is_hard(self) -> bool {
        matches!(self, Self::Protocol | Self::Port | Self::FragmentationNeeded { .. })
    }
}

/// What took too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeExceeded {
    /// The datagram took all the hops that it may.
    Transit,
    /// Fragments were missing for too long.
    Reassembly,
}

impl TimeExceeded {
    /// What a code means.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Transit),
            1 => Some(Self::Reassembly),
            _ => None,
        }
    }

    /// The code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Transit => 0,
            Self::Reassembly => 1,
        }
    }
}

/// What a better way is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RedirectScope {
    /// The network. Routers do not send it (RFC 1812 section 5.2.7.2).
    Network,
    /// The host.
    Host,
    /// The network and the type of service.
    NetworkService,
    /// The host and the type of service.
    HostService,
}

impl RedirectScope {
    /// What a code means.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Network),
            1 => Some(Self::Host),
            2 => Some(Self::NetworkService),
            3 => Some(Self::HostService),
            _ => None,
        }
    }

    /// The code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Network => 0,
            Self::Host => 1,
            Self::NetworkService => 2,
            Self::HostService => 3,
        }
    }
}

/// What is wrong with a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParameterProblem {
    /// The byte at this place of the header.
    Pointer(u8),
    /// An option is missing (RFC 1108).
    MissingOption,
    /// Its length.
    Length,
}

impl ParameterProblem {
    /// What a code means; `pointer` is the first byte of the header's rest.
    #[must_use]
    pub const fn from_code(code: u8, pointer: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Pointer(pointer)),
            1 => Some(Self::MissingOption),
            2 => Some(Self::Length),
            _ => None,
        }
    }

    /// The code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Pointer(_) => 0,
            Self::MissingOption => 1,
            Self::Length => 2,
        }
    }

    /// The place, 0 where there is none.
    #[must_use]
    pub const fn pointer(self) -> u8 {
        match self {
            Self::Pointer(at) => at,
            Self::MissingOption | Self::Length => 0,
        }
    }
}
