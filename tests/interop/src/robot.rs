//! A robot that no schema describes: the Python side is generated from this
//! file.

use shm_runtime::{
    CellSpec, FixedStr, Pad, SchemaId, SharedLayout, TableSpec, TimestampNs, open_enum,
    shared_flags,
};

/// What the robot shares.
pub const SCHEMA: SchemaId = SchemaId::new("robot", 2);

/// Joints of an arm.
pub const JOINTS: usize = 6;

const LABEL: usize = 8 * 2;

open_enum! {
    /// What an arm does.
    pub enum Mode: u8 {
        /// Nothing.
        Idle = 0,
        /// It is in motion.
        Moving = 1,
    }
}

shared_flags! {
    /// What is wrong with it.
    pub struct Faults: u16 {
        /// A motor is over 80 degrees.
        const Hot = 1 << 0;
        /// A joint does not turn.
        const Stuck = 1 << 3;
    }
}

type Matrix = [[f64; 3]; 3];

/// Where an arm's hand is.
///
/// Seen from its foot.
#[derive(Clone, Copy, Debug, PartialEq, SharedLayout)]
#[repr(C)]
pub struct Pose {
    /// When it was measured.
    pub at: TimestampNs,
    /// Rows of the rotation.
    pub turn: Matrix,
    /// Of the hand.
    pub r#type: u8,
    /// For what comes.
    pub _room: Pad<7>,
}

/// One arm.
#[derive(Clone, Copy, Debug, PartialEq, SharedLayout)]
#[repr(C, align(64))]
pub struct Arm {
    /// What people call it.
    pub label: FixedStr<LABEL>,
    /// Of its hand.
    pub pose: Pose,
    /// Angles, in radians.
    pub joints: [f32; JOINTS],
    /// What it does.
    pub mode: Mode,
    /// What is wrong.
    pub faults: Faults,
    /// Whether it holds something.
    pub held: bool,
}

/// The arm that works.
pub const ARM: CellSpec<Arm> = CellSpec::new(SCHEMA, "arm");

/// All arms, by what people call them.
pub const ARMS: TableSpec<Arm, FixedStr<LABEL>> = TableSpec::new(SCHEMA, "arms", 4).key(Arm::LABEL);

/// The record that each language writes for the other.
pub fn sample() -> Arm {
    let mut arm = Arm {
        label: FixedStr::new("left").unwrap_or_default(),
        joints: [0.0, 0.5, 1.0, 1.5, 2.0, 2.5],
        mode: Mode::Moving,
        faults: Faults::Hot | Faults::Stuck,
        held: true,
        ..Arm::zeroed()
    };
    arm.pose.at = TimestampNs(1_700_000_000_123_456_789);
    arm.pose.turn[1] = [-1.0, 0.25, 1e300];
    arm.pose.r#type = 7;
    arm
}
