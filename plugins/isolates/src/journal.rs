//! Says where a repetition differs from its record.

use helios_abi::ProcKey;
use helios_abi::grant::{Batch, Call};

/// Names process, slice and place, with both versions.
pub(crate) fn difference(key: ProcKey, slice: u64, recorded: &Batch, repeated: &Batch) -> String {
    let place = format!("process {key}, slice {slice}");
    let calls = recorded.calls.len().max(repeated.calls.len());
    for index in 0..calls {
        let (was, is) = (recorded.calls.get(index), repeated.calls.get(index));
        if was != is {
            return format!(
                "{place}, call {index}: the journal has {}, the repetition made {}",
                show(was),
                show(is)
            );
        }
    }
    if recorded.status != repeated.status {
        let (was, is) = (&recorded.status, &repeated.status);
        return format!("{place}: the journal ends it as {was:?}, the repetition as {is:?}");
    }
    let (was, is) = (recorded.gas_used, repeated.gas_used);
    format!("{place}: the journal says {was} gas, the repetition used {is}")
}

fn show(call: Option<&Call>) -> String {
    let Some(call) = call else { return "no call".into() };
    let mut args = format!("{:?}", call.args);
    if args.len() > 200 {
        args = args.chars().take(200).collect::<String>() + "…";
    }
    format!("#{} {}({args})", call.id, call.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use helios_abi::Value;
    use helios_abi::grant::Status;

    #[test]
    fn the_first_difference_is_named() {
        let call = |id, name: &str| Call {
            id,
            name: name.into(),
            args: Value::Null,
        };
        let batch = |calls, gas_used| Batch {
            calls,
            gas_used,
            status: Status::Pending,
        };
        let was = batch(vec![call(1, "open"), call(2, "read")], 5);
        let is = batch(vec![call(1, "open"), call(2, "stat")], 6);
        let text = difference(ProcKey::default(), 7, &was, &is);
        assert!(
            text.contains("slice 7, call 1: the journal has #2 read(Null), the repetition made #2 stat(Null)"),
            "{text}"
        );
        let text = difference(ProcKey::default(), 7, &was, &batch(was.calls.clone(), 6));
        assert!(
            text.ends_with("the journal says 5 gas, the repetition used 6"),
            "{text}"
        );
    }
}
