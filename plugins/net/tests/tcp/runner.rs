//! Runs scripts against our sockets, in virtual time.

use std::collections::{BTreeMap, VecDeque};
use std::net::{Ipv4Addr, SocketAddrV4};

use bytes::Bytes;
use helios_net::tcp::{
    Config, CongestionKind, Connection, Endpoints, Listener, ListenerConfig, Origin, Received, State, TcpError,
    Unreachable, reset_for,
};
use helios_net::wire::tcp::{Options, Segment, SeqNumber};

use crate::script::{Choice, Event, Expected, Line, parse};
use crate::sim::SECRET;

const LOCAL: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 1), 8080);
const PEER_ISN: SeqNumber = SeqNumber(0xffff_f000);

/// A line that did not do what it says.
type Failure = String;

struct Sent {
    time_ns: u64,
    ends: Endpoints,
    segment: Segment,
}

/// The host under test.
struct Runner {
    now_ns: u64,
    config: Config,
    listener: Option<Listener>,
    connections: BTreeMap<Endpoints, Connection>,
    current: Option<Endpoints>,
    isns: BTreeMap<Endpoints, SeqNumber>,
    sent: VecDeque<Sent>,
}

fn peer_ends(peer: u16) -> Endpoints {
    Endpoints {
        local: LOCAL,
        remote: SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 2), 40_000 + peer),
    }
}

/// Scripts begin with a plain TCP: what they are about, they ask for.
fn plain() -> Config {
    Config {
        congestion: CongestionKind::NewReno,
        timestamps: false,
        sack: false,
        window_scaling: false,
        send_buffer_bytes: 1 << 18,
        receive_buffer_bytes: 65_535,
        ..Config::default()
    }
}

/// Runs a script; the failure names the line.
pub(crate) fn run(text: &str) -> Result<(), Failure> {
    let lines = parse(text)?;
    let mut runner = Runner {
        now_ns: 0,
        config: plain(),
        listener: None,
        connections: BTreeMap::new(),
        current: None,
        isns: BTreeMap::new(),
        sent: VecDeque::new(),
    };
    for line in &lines {
        runner
            .run_line(line)
            .map_err(|error| format!("line {}: {}\n  {error}", line.number, line.text))?;
    }
    match runner.sent.front() {
        Some(sent) => Err(format!("after the last line: {}", runner.unexpected(sent))),
        None => Ok(()),
    }
}

fn show_seconds(time_ns: u64) -> String {
    format!("{}.{:09}", time_ns / 1_000_000_000, time_ns % 1_000_000_000)
}

fn merge<T: serde::Serialize + serde::de::DeserializeOwned>(
    base: &T,
    pairs: &[(String, String)],
) -> Result<T, Failure> {
    let mut value = serde_json::to_value(base).expect("settings serialise");
    for (key, text) in pairs {
        let setting = serde_json::from_str(text).map_err(|error| format!("{key}: {error}"))?;
        value[key] = setting;
    }
    serde_json::from_value(value).map_err(|error| error.to_string())
}

/// Compares named fields of something that serialises.
fn compare<T: serde::Serialize>(actual: &T, pairs: &[(String, String)]) -> Result<(), Failure> {
    let value = serde_json::to_value(actual).expect("it serialises");
    for (key, expected) in pairs {
        let field = value.get(key).ok_or_else(|| format!("there is no field {key}"))?;
        let shown = field.to_string();
        if shown != *expected {
            return Err(format!("{key} is {shown}, expected {expected}"));
        }
    }
    Ok(())
}

fn error_named(name: &str) -> Result<TcpError, Failure> {
    let all = [
        TcpError::Refused,
        TcpError::Reset,
        TcpError::TimedOut,
        TcpError::HostUnreachable,
        TcpError::NetworkUnreachable,
        TcpError::BrokenPipe,
        TcpError::NotConnected,
        TcpError::Aborted,
    ];
    all.into_iter()
        .find(|error| error.errno_name() == name)
        .ok_or_else(|| format!("unknown error {name}"))
}

impl Runner {
    fn run_line(&mut self, line: &Line) -> Result<(), Failure> {
        let time_ns = if line.relative {
            self.now_ns + line.time_ns
        } else {
            line.time_ns
        };
        self.advance(time_ns);
        if let Event::Leaves(expected) = &line.event {
            return self.expect(expected, time_ns);
        }
        let checks = !matches!(line.event, Event::Config(_));
        if let Some(sent) = self.sent.front().filter(|_| checks) {
            return Err(self.unexpected(sent));
        }
        self.do_event(&line.event)?;
        self.fetch();
        for connection in self.connections.values() {
            connection.check()?;
        }
        Ok(())
    }

    fn unexpected(&self, sent: &Sent) -> Failure {
        let shown = self.show(sent);
        format!(
            "this left at {} and nobody expected it: {shown}",
            show_seconds(sent.time_ns)
        )
    }

    fn show(&self, sent: &Sent) -> String {
        let isn = self.isn(sent.ends);
        let (segment, flags) = (&sent.segment, sent.segment.flags);
        let letters = [
            (flags.syn, 'S'),
            (flags.fin, 'F'),
            (flags.rst, 'R'),
            (flags.psh, 'P'),
            (flags.urg, 'U'),
            (flags.ack, '.'),
        ];
        let letters: String = letters
            .iter()
            .filter(|(set, _)| *set)
            .map(|(_, letter)| letter)
            .collect();
        let seq = segment.seq.since(isn);
        let ack = segment.ack.since(PEER_ISN);
        let len = segment.payload.len();
        let end = i64::from(seq) + len as i64;
        let sack: Vec<String> = segment
            .options
            .sack
            .iter()
            .map(|(left, right)| format!("{}:{}", left.since(PEER_ISN), right.since(PEER_ISN)))
            .collect();
        let options = Options {
            sack: Vec::new(),
            ..segment.options.clone()
        };
        format!(
            "> {letters} {seq}:{end}({len}) ack {ack} win {} sack [{}] {options:?}",
            segment.window,
            sack.join(" ")
        )
    }

    fn isn(&self, ends: Endpoints) -> SeqNumber {
        self.isns.get(&ends).copied().unwrap_or(SeqNumber(0))
    }

    /// Lets time pass, timer by timer.
    fn advance(&mut self, until_ns: u64) {
        loop {
            let connections = self.connections.values().filter_map(Connection::next_timer_ns);
            let listener = self.listener.as_ref().and_then(Listener::next_timer_ns);
            let next = connections.chain(listener).min();
            let Some(next) = next.filter(|next| *next <= until_ns) else {
                break;
            };
            self.now_ns = self.now_ns.max(next);
            for connection in self.connections.values_mut() {
                connection.on_timer(self.now_ns);
            }
            if let Some(listener) = &mut self.listener {
                for (ends, segment) in listener.on_timer(self.now_ns) {
                    self.note(ends, segment);
                }
            }
            self.fetch();
        }
        self.now_ns = self.now_ns.max(until_ns);
    }

    fn note(&mut self, ends: Endpoints, segment: Segment) {
        if segment.flags.syn {
            self.isns.insert(ends, segment.seq);
        }
        let time_ns = self.now_ns;
        self.sent.push_back(Sent { time_ns, ends, segment });
    }

    fn fetch(&mut self) {
        let mut fetched = Vec::new();
        for (ends, connection) in &mut self.connections {
            while let Some(segment) = connection.poll_transmit(self.now_ns) {
                fetched.push((*ends, segment));
            }
        }
        for (ends, segment) in fetched {
            self.note(ends, segment);
        }
    }

    fn expect(&mut self, expected: &Expected, time_ns: u64) -> Result<(), Failure> {
        let Some(sent) = self.sent.pop_front() else {
            let timers: Vec<String> = self
                .connections
                .values()
                .map(|connection| {
                    format!(
                        "{} {:?}",
                        connection.state(),
                        connection.next_timer_ns().map(show_seconds)
                    )
                })
                .collect();
            return Err(format!("nothing left by {}; timers: {timers:?}", show_seconds(time_ns)));
        };
        let shown = format!("got at {}: {}", show_seconds(sent.time_ns), self.show(&sent));
        if sent.time_ns != time_ns {
            return Err(format!(
                "it left at {} and not at {}; {shown}",
                show_seconds(sent.time_ns),
                show_seconds(time_ns)
            ));
        }
        let isn = self.isn(sent.ends);
        let segment = &sent.segment;
        let mut wrong = Vec::new();
        let mut check = |same: bool, what: &str| {
            if !same {
                wrong.push(what.to_owned());
            }
        };
        check(sent.ends == peer_ends(expected.peer), "peer");
        check(segment.flags == expected.flags, "flags");
        check(segment.seq == offset(isn, expected.seq), "sequence number");
        check(segment.payload.len() == expected.len, "length");
        if let Some(ack) = expected.ack {
            check(segment.ack == offset(PEER_ISN, ack), "acknowledgement");
        }
        if let Some(window) = expected.window {
            check(segment.window == window, "window");
        }
        if let Some(choices) = &expected.options {
            check(segment.options == self.options(choices, PEER_ISN), "options");
        }
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(format!("wrong: {}; {shown}", wrong.join(", ")))
        }
    }

    fn options(&self, choices: &[Choice], isn: SeqNumber) -> Options {
        let mut options = Options::default();
        for choice in choices {
            match choice {
                Choice::Mss(mss) => options.mss = Some(*mss),
                Choice::Scale(shift) => options.window_scale = Some(*shift),
                Choice::SackOk => options.sack_permitted = true,
                Choice::Stamps(value, echo) => options.timestamps = Some((*value, *echo)),
                Choice::Sack(blocks) => {
                    let numbers = blocks
                        .iter()
                        .map(|(left, right)| (offset(isn, *left), offset(isn, *right)));
                    options.sack = numbers.collect();
                }
            }
        }
        options
    }

    fn socket(&mut self) -> Result<&mut Connection, Failure> {
        let ends = self.current.ok_or("no socket is open")?;
        self.connections
            .get_mut(&ends)
            .ok_or_else(|| "the connection is gone".into())
    }

    fn do_event(&mut self, event: &Event) -> Result<(), Failure> {
        match event {
            Event::Leaves(_) | Event::Nothing => Ok(()),
            Event::Arrives(expected) => {
                self.arrive(expected);
                Ok(())
            }
            Event::Call { name, argument, result } => self.call(name, argument, result.as_deref()),
            Event::Config(pairs) => {
                self.config = merge(&self.config, pairs)?;
                Ok(())
            }
            Event::Set(pairs) => {
                let changed = merge(self.socket()?.config(), pairs)?;
                self.socket()?.configure(|config| *config = changed);
                Ok(())
            }
            Event::State(name) => {
                let state = self.state();
                let same = state.name() == name;
                if same {
                    Ok(())
                } else {
                    Err(format!("the state is {state}"))
                }
            }
            Event::Info(pairs) => compare(&self.socket()?.info(), pairs),
            Event::Counters(pairs) => compare(self.listener.as_ref().ok_or("nobody listens")?.counters(), pairs),
            Event::Ready(words) => self.ready(words),
            Event::Error(name) => {
                let got = self.socket()?.take_error().map_or("none", TcpError::errno_name);
                if got == name {
                    Ok(())
                } else {
                    Err(format!("the error is {got}"))
                }
            }
            Event::Timer(expected) => {
                let now_ns = self.now_ns;
                let got = self.socket()?.next_timer_ns().map(|at| at.saturating_sub(now_ns));
                if got == *expected {
                    Ok(())
                } else {
                    Err(format!("the timer is {:?}", got.map(show_seconds)))
                }
            }
            Event::Mtu { mtu, seq } => {
                let number = offset(self.isn(self.current.ok_or("no socket")?), *seq);
                self.socket()?.on_path_mtu(*mtu, number);
                Ok(())
            }
            Event::Unreachable { hard, error, seq } => {
                let number = offset(self.isn(self.current.ok_or("no socket")?), *seq);
                let error = error_named(error)?;
                let what = if *hard {
                    Unreachable::Hard(error)
                } else {
                    Unreachable::Soft(error)
                };
                self.socket()?.on_icmp_unreachable(what, number);
                Ok(())
            }
        }
    }

    /// The state of the socket, of a handshake, or of nothing.
    fn state(&self) -> State {
        let current = self.current.and_then(|ends| self.connections.get(&ends));
        let handshake = || self.listener.as_ref().and_then(|listener| listener.handshakes().next());
        current.or_else(handshake).map_or(State::Closed, Connection::state)
    }

    fn ready(&mut self, words: &[String]) -> Result<(), Failure> {
        let ready = self.socket()?.readiness();
        let all = [
            (ready.readable, "readable"),
            (ready.writable, "writable"),
            (ready.peer_closed, "peer_closed"),
            (ready.hang_up, "hang_up"),
            (ready.error, "error"),
        ];
        let got: Vec<&str> = all.iter().filter(|(set, _)| *set).map(|(_, name)| *name).collect();
        if got == words {
            Ok(())
        } else {
            Err(format!("ready are {got:?}"))
        }
    }

    fn arrive(&mut self, expected: &Expected) {
        let ends = peer_ends(expected.peer);
        let isn = self.isn(ends);
        let choices = expected.options.clone().unwrap_or_default();
        let segment = Segment {
            source_port: ends.remote.port(),
            destination_port: LOCAL.port(),
            seq: offset(PEER_ISN, expected.seq),
            ack: expected.ack.map_or(SeqNumber(0), |ack| offset(isn, ack)),
            flags: expected.flags,
            window: expected.window.unwrap_or(65_535),
            urgent: expected.urgent,
            options: self.options(&choices, isn),
            payload: Bytes::from(vec![b'x'; expected.len]),
        };
        let old = self.connections.get(&ends);
        let over = old.is_some_and(|old| old.gives_way_to(&segment));
        if over && (self.listener.is_some() || old.is_some_and(Connection::is_finished)) {
            self.connections.remove(&ends);
        }
        if let Some(connection) = self.connections.get_mut(&ends) {
            connection.on_segment(&segment, self.now_ns);
        } else if let Some(listener) = &mut self.listener {
            let heard = listener.on_segment(ends, &segment, &SECRET, self.now_ns);
            if let Some(connection) = heard.connected {
                // A cookie says what our number was.
                self.connections.insert(ends, *connection);
            }
            for reply in heard.replies {
                self.note(ends, reply);
            }
        } else if let Some(reset) = reset_for(&segment) {
            self.note(ends, reset);
        }
    }

    fn call(&mut self, name: &str, argument: &str, expected: Option<&str>) -> Result<(), Failure> {
        let now_ns = self.now_ns;
        let amount = || {
            argument
                .parse::<u32>()
                .map_err(|_| format!("a number is expected, not {argument}"))
        };
        let got = match name {
            "connect" => {
                let ends = peer_ends(0);
                let origin = Origin {
                    isn: SeqNumber(0xffff_ff00),
                    timestamp_offset: 0,
                };
                self.connections
                    .insert(ends, Connection::connect(self.config, ends, origin, now_ns));
                self.current = Some(ends);
                "0".to_owned()
            }
            "listen" => {
                let base = ListenerConfig {
                    connection: self.config,
                    ..ListenerConfig::default()
                };
                let pairs: Vec<(String, String)> = argument
                    .split_whitespace()
                    .filter_map(|pair| pair.split_once('='))
                    .map(|(key, value)| (key.to_owned(), value.to_owned()))
                    .collect();
                self.listener = Some(Listener::new(LOCAL, merge(&base, &pairs)?));
                "0".to_owned()
            }
            "unlisten" => {
                let resets = self.listener.take().ok_or("nobody listens")?.close(now_ns);
                for (ends, segment) in resets {
                    self.note(ends, segment);
                }
                "0".to_owned()
            }
            "accept" => match self.listener.as_mut().ok_or("nobody listens")?.accept() {
                Some(ends) => {
                    self.current = Some(ends);
                    "0".to_owned()
                }
                None => "EAGAIN".to_owned(),
            },
            "send" => {
                let data = Bytes::from(vec![b'y'; amount()? as usize]);
                match self.socket()?.send(&data) {
                    Ok(count) => count.to_string(),
                    Err(error) => error.errno_name().to_owned(),
                }
            }
            "recv" => match self.socket()?.receive(amount()?) {
                Ok(Received::Data(data)) => data.len().to_string(),
                Ok(Received::Nothing) => "EAGAIN".to_owned(),
                Ok(Received::End) => "EOF".to_owned(),
                Err(error) => error.errno_name().to_owned(),
            },
            "shutdown" => answer(self.socket()?.shutdown_write()),
            "shutdown_read" => answer(self.socket()?.shutdown_read()),
            "close" => {
                self.socket()?.close(now_ns);
                "0".to_owned()
            }
            "abort" => {
                self.socket()?.abort();
                "0".to_owned()
            }
            _ => return Err(format!("unknown call {name}")),
        };
        let usual = if matches!(name, "send" | "recv") { argument } else { "0" };
        let expected = expected.unwrap_or(usual);
        if got == expected {
            Ok(())
        } else {
            Err(format!("{name} answers {got}, expected {expected}"))
        }
    }
}

fn answer(result: Result<(), TcpError>) -> String {
    result.map_or_else(|error| error.errno_name().to_owned(), |()| "0".to_owned())
}

fn offset(base: SeqNumber, count: i64) -> SeqNumber {
    SeqNumber((i64::from(base.0) + count).rem_euclid(1 << 32) as u32)
}

/// The cases of a file: each begins with a line `--- title` and runs by itself.
fn cases(text: &str) -> Vec<(&str, String)> {
    let mut cases: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("---") {
            cases.push((title.trim(), String::new()));
        } else if let Some((_, body)) = cases.last_mut() {
            body.push_str(line);
            body.push('\n');
        } else {
            assert!(line.is_empty(), "a script begins with a title");
        }
    }
    cases
}

/// Puts the files that a case includes in their places.
fn with_includes(folder: &str, text: &str) -> String {
    let mut whole = String::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("include ") {
            let path = format!("{folder}/{}", name.trim());
            whole.push_str(&std::fs::read_to_string(path).expect("an included file"));
        } else {
            whole.push_str(line);
            whole.push('\n');
        }
    }
    whole
}

/// `HELIOS_SCRIPT` picks the files whose names hold it.
#[test]
fn scripts() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tcp/scripts");
    let only = std::env::var("HELIOS_SCRIPT").unwrap_or_default();
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("there are scripts")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pkt"))
        .filter(|path| path.to_string_lossy().contains(&only))
        .collect();
    paths.sort();
    let (mut failures, mut count) = (Vec::new(), 0);
    for path in &paths {
        let text = std::fs::read_to_string(path).expect("a script");
        let name = path.file_name().expect("a name").to_string_lossy();
        for (title, body) in cases(&text) {
            count += 1;
            if let Err(failure) = run(&with_includes(folder, &body)) {
                failures.push(format!("{name}: {title}: {failure}"));
            }
        }
    }
    println!("{count} cases in {} files", paths.len());
    assert!(!only.is_empty() || count > 150, "scripts are missing");
    assert!(
        failures.is_empty(),
        "{} of {count} cases failed:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// The checker must fire.
#[test]
fn a_wrong_script_fails_where_it_is_wrong() {
    let begin = "+0 connect()\n+0 > S 0:0(0) win 65535 <mss 1460>\n+.1 < S. 0:0(0) ack 1 <mss 1460>\n";
    run(&format!("{begin}+0 > . 1:1(0) ack 1")).unwrap();
    let wrongs = [
        ("+0 > . 1:1(0) ack 2", "wrong: acknowledgement"),
        ("+0 > S. 1:1(0) ack 1", "wrong: flags"),
        ("+0 > . 2:2(0) ack 1", "wrong: sequence number"),
        ("+.1 > . 1:1(0) ack 1", "it left at 0.100000000 and not at 0.200000000"),
        ("+0 > . 1:1(0) ack 1 <sackOK>", "wrong: options"),
        ("+0 > . 1:1(0) ack 1 win 5", "wrong: window"),
        ("+0 state ESTABLISHED", "nobody expected it"),
        ("+0 > . 1:1(0) ack 1\n+0 state CLOSED", "the state is ESTABLISHED"),
        ("+0 > . 1:1(0) ack 1\n+5 > . 1:1(0) ack 1", "nothing left by 5.1"),
        ("+0 > . 1:1(0) ack 1\n+0 send(5) = 4", "send answers 5, expected 4"),
        ("", "after the last line"),
        ("+0 frobnicate", "unknown event"),
    ];
    for (wrong, message) in wrongs {
        let failure = run(&format!("{begin}{wrong}")).expect_err(wrong);
        assert!(failure.contains(message), "{wrong}: {failure}");
    }
}
