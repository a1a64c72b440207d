//! stub
use gatepass_wire as wire;

pub(crate) fn cause(_: gatepass_agent::CauseKind) -> wire::Cause {
    wire::Cause::Other
}

pub(crate) fn snapshot(_: &gatepass_agent::Snapshot, resident: wire::Resident) -> wire::Snapshot {
    wire::Snapshot { profiles: Vec::new(), resident, problem: None }
}
