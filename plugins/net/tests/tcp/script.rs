//! The form of the scripts, close to packetdrill's.
//!
//! A line is a time and what happens then. `+0.1` counts from the line before, `0.1` from the beginning, in seconds; what we
//! send must leave at exactly that time.
//!
//! ```text
//! config mss=1000 sack=true congestion="newreno"    settings of sockets opened from here on, names as in `Config`
//! +0 connect()                                      also listen(…), accept(), send(N), recv(N), shutdown(), close(), abort()
//! +0 send(1000) = 500                               what a call answers; `= EPIPE`, `= EOF`, `= EAGAIN` too
//! +0 > S 0:0(0) win 65535 <mss 1460>                expected from us; what is left out is not compared
//! +.1 < S. 0:0(0) ack 1 win 5000 <mss 1460>         arrives; `<@2` from another port
//! +0 state ESTABLISHED
//! +0 info cwnd_bytes=14600 recovering=true          names as in `TcpInfo`
//! +0 ready readable writable                        exactly these of `Readiness`
//! +0 error ECONNREFUSED                             SO_ERROR; `error none`
//! +0 timer 0.2                                      the next timer, in seconds from now; `timer none`
//! +0 mtu 600 seq 1                                  ICMP: fragmentation needed, quoting a sequence number
//! +0 unreachable hard ECONNREFUSED seq 0            ICMP: destination unreachable
//! +0 set nodelay=true                               changes settings of the open socket
//! +0 counters overflows=1                           names as in `ListenerCounters`
//! ```
//!
//! Sequence numbers count from the sender's SYN, which is 0.

use helios_net::wire::tcp::Flags;

/// A line.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) number: usize,
    pub(crate) text: String,
    pub(crate) relative: bool,
    pub(crate) time_ns: u64,
    pub(crate) event: Event,
}

/// What happens.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Arrives(Expected),
    Leaves(Expected),
    Call {
        name: String,
        argument: String,
        result: Option<String>,
    },
    State(String),
    Info(Vec<(String, String)>),
    Ready(Vec<String>),
    Error(String),
    Timer(Option<u64>),
    Mtu {
        mtu: u16,
        seq: i64,
    },
    Unreachable {
        hard: bool,
        error: String,
        seq: i64,
    },
    Config(Vec<(String, String)>),
    Set(Vec<(String, String)>),
    Counters(Vec<(String, String)>),
    Nothing,
}

/// A segment as a script writes it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expected {
    pub(crate) peer: u16,
    pub(crate) flags: Flags,
    pub(crate) seq: i64,
    pub(crate) len: usize,
    pub(crate) ack: Option<i64>,
    pub(crate) window: Option<u16>,
    pub(crate) urgent: u16,
    pub(crate) options: Option<Vec<Choice>>,
}

/// An option as a script writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Mss(u16),
    Scale(u8),
    SackOk,
    Sack(Vec<(i64, i64)>),
    Stamps(u32, u32),
}

/// Reads a script.
pub(crate) fn parse(text: &str) -> Result<Vec<Line>, String> {
    let mut lines = Vec::new();
    for (index, raw) in text.lines().enumerate() {
        let line = raw.split("//").next().unwrap_or("").trim();
        if line.is_empty() {
            continue;
        }
        let number = index + 1;
        let parsed = parse_line(line).map_err(|error| format!("line {number}: {error}: {line}"))?;
        let (relative, time_ns, event) = parsed;
        lines.push(Line {
            number,
            text: line.to_owned(),
            relative,
            time_ns,
            event,
        });
    }
    Ok(lines)
}

fn parse_line(line: &str) -> Result<(bool, u64, Event), String> {
    if let Some(rest) = line.strip_prefix("config ") {
        return Ok((true, 0, Event::Config(pairs(rest)?)));
    }
    let (time, rest) = line.split_once(' ').ok_or("a time and an event are expected")?;
    let relative = time.starts_with('+');
    let time_ns = seconds(time.trim_start_matches('+'))?;
    Ok((relative, time_ns, parse_event(rest.trim())?))
}

/// Seconds with at most nine decimals, exactly.
fn seconds(text: &str) -> Result<u64, String> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let whole: u64 = if whole.is_empty() {
        0
    } else {
        whole.parse().map_err(|_| "a bad time")?
    };
    let padded = format!("{part:0<9}");
    let part: u64 = padded.get(..9).and_then(|part| part.parse().ok()).ok_or("a bad time")?;
    Ok(whole * 1_000_000_000 + part)
}

fn pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    text.split_whitespace()
        .map(|pair| {
            let (key, value) = pair
                .split_once('=')
                .ok_or_else(|| format!("NAME=VALUE expected: {pair}"))?;
            Ok((key.to_owned(), value.to_owned()))
        })
        .collect()
}

fn parse_event(text: &str) -> Result<Event, String> {
    if let Some(rest) = text.strip_prefix('<') {
        return Ok(Event::Arrives(parse_segment(rest)?));
    }
    if let Some(rest) = text.strip_prefix('>') {
        return Ok(Event::Leaves(parse_segment(rest)?));
    }
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    if word.contains('(') {
        return parse_call(text);
    }
    let words: Vec<String> = rest.split_whitespace().map(str::to_owned).collect();
    let seq = || number(words.last().ok_or("a sequence number is expected")?);
    match word {
        "state" => Ok(Event::State(rest.to_owned())),
        "info" => Ok(Event::Info(pairs(rest)?)),
        "counters" => Ok(Event::Counters(pairs(rest)?)),
        "set" => Ok(Event::Set(pairs(rest)?)),
        "ready" => Ok(Event::Ready(words)),
        "error" => Ok(Event::Error(rest.to_owned())),
        "timer" if rest == "none" => Ok(Event::Timer(None)),
        "timer" => Ok(Event::Timer(Some(seconds(rest)?))),
        "nothing" => Ok(Event::Nothing),
        "mtu" => Ok(Event::Mtu {
            mtu: words
                .first()
                .and_then(|word| word.parse().ok())
                .ok_or("a size is expected")?,
            seq: seq()?,
        }),
        "unreachable" => Ok(Event::Unreachable {
            hard: words.first().is_some_and(|word| word == "hard"),
            error: words.get(1).cloned().ok_or("an error is expected")?,
            seq: seq()?,
        }),
        _ => Err(format!("unknown event {word}")),
    }
}

fn parse_call(text: &str) -> Result<Event, String> {
    let (call, result) = match text.split_once('=').filter(|(call, _)| call.trim().ends_with(')')) {
        Some((call, result)) => (call.trim(), Some(result.trim().to_owned())),
        None => (text.trim(), None),
    };
    let (name, argument) = call
        .strip_suffix(')')
        .and_then(|call| call.split_once('('))
        .ok_or("CALL(ARGUMENT) is expected")?;
    Ok(Event::Call {
        name: name.to_owned(),
        argument: argument.to_owned(),
        result,
    })
}

fn number(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| format!("a number is expected, not {text}"))
}

fn parse_segment(text: &str) -> Result<Expected, String> {
    let mut expected = Expected::default();
    let mut text = text;
    if let Some(rest) = text.strip_prefix('@') {
        let (peer, rest) = rest.split_once(' ').ok_or("a segment is expected")?;
        expected.peer = peer.parse().map_err(|_| "a bad peer")?;
        text = rest;
    }
    let (head, options) = match text.split_once('<') {
        Some((head, options)) => (head, Some(options.trim_end().trim_end_matches('>'))),
        None => (text, None),
    };
    let mut words = head.split_whitespace();
    expected.flags = parse_flags(words.next().ok_or("flags are expected")?)?;
    let range = words.next().ok_or("SEQ:END(LEN) is expected")?;
    let (start, rest) = range.split_once(':').ok_or("SEQ:END(LEN) is expected")?;
    let (end, len) = rest
        .trim_end_matches(')')
        .split_once('(')
        .ok_or("SEQ:END(LEN) is expected")?;
    expected.seq = number(start)?;
    expected.len = number(len)? as usize;
    if number(end)? - expected.seq != expected.len as i64 {
        return Err("the range does not have its length".into());
    }
    while let Some(word) = words.next() {
        let value = number(words.next().ok_or_else(|| format!("a value of {word} is expected"))?)?;
        match word {
            "ack" => expected.ack = Some(value),
            "win" => expected.window = Some(value as u16),
            "urg" => expected.urgent = value as u16,
            _ => return Err(format!("unknown field {word}")),
        }
    }
    expected.options = options.map(parse_options).transpose()?;
    Ok(expected)
}

fn parse_flags(text: &str) -> Result<Flags, String> {
    let mut flags = Flags::default();
    for letter in text.chars() {
        match letter {
            'S' => flags.syn = true,
            'F' => flags.fin = true,
            'R' => flags.rst = true,
            'P' => flags.psh = true,
            'U' => flags.urg = true,
            '.' => flags.ack = true,
            '-' => {}
            _ => return Err(format!("unknown flag {letter}")),
        }
    }
    Ok(flags)
}

fn parse_options(text: &str) -> Result<Vec<Choice>, String> {
    let mut choices = Vec::new();
    for option in text
        .split(',')
        .map(str::trim)
        .filter(|option| !option.is_empty() && *option != "nop")
    {
        let words: Vec<&str> = option.split_whitespace().collect();
        choices.push(match words[..] {
            ["mss", value] => Choice::Mss(number(value)? as u16),
            ["wscale", value] => Choice::Scale(number(value)? as u8),
            ["sackOK"] => Choice::SackOk,
            ["TS", "val", value, "ecr", echo] => Choice::Stamps(number(value)? as u32, number(echo)? as u32),
            ["sack", ..] => {
                let blocks = words[1..].iter().map(|block| {
                    let (left, right) = block.split_once(':').ok_or("LEFT:RIGHT is expected")?;
                    Ok((number(left)?, number(right)?))
                });
                Choice::Sack(blocks.collect::<Result<_, String>>()?)
            }
            _ => return Err(format!("unknown option {option}")),
        });
    }
    Ok(choices)
}
