//! Schemas that import one file share its types.

#![deny(warnings, missing_docs)]

use shm_runtime::SharedLayout;

shm_runtime::include_schema!(
    "../shm-rust/tests/golden/robots/arm.yaml",
    "../shm-rust/tests/golden/robots/base.yaml",
);

/// The files that `gen --rust` would write, as modules side by side.
pub mod files {
    /// Imports the other two.
    pub mod arm {
        include!("../../shm-rust/tests/golden/robots/arm.rs");
    }
    /// Imports `frames`.
    pub mod base {
        include!("../../shm-rust/tests/golden/robots/base.rs");
    }
    /// Imports `units`.
    pub mod frames {
        include!("../../shm-rust/tests/golden/robots/frames.rs");
    }
    /// Imports nothing.
    pub mod units {
        include!("../../shm-rust/tests/golden/robots/units.rs");
    }
}

/// What another crate might have included.
pub mod drivers {
    shm_runtime::include_schema!("../shm-rust/tests/golden/robots/parts/frames.yaml");
}

/// A schema whose imports are here already.
pub mod borrowed {
    use super::drivers::frames;
    shm_runtime::include_schema!(
        "../shm-rust/tests/golden/robots/base.yaml",
        without = "frames"
    );
}

/// A schema in a folder below the root that its imports are in.
pub mod rooted {
    shm_runtime::include_schema!(
        "../shm-rust/tests/golden/robots/parts/frames.yaml",
        "../shm-rust/tests/golden/robots/base.yaml",
        root = "../shm-rust/tests/golden",
    );
}

/// By hand, with the imported type by its path.
#[derive(SharedLayout, Clone, Copy, Debug, PartialEq)]
#[shared(schema = "../shm-rust/tests/golden/robots/base.yaml")]
#[repr(C)]
pub struct Base {
    pub(crate) pose: frames::Pose,
}

#[test]
fn a_value_of_a_shared_type_moves_between_records() {
    let mut arm = arm::Arm::default();
    arm.tool.x = 1.5;
    arm.tool.state = units::State::Moving;
    let base = base::Base { pose: arm.tool };
    let by_hand = Base { pose: base.pose };
    assert_eq!(by_hand.pose, arm.tool);
    assert_eq!(Base::FINGERPRINT, base::Base::FINGERPRINT);
    assert_eq!(arm.joints.len(), usize::from(units::JOINTS));
    arm.joints[0].state = arm.tool.state;
    assert_eq!(arm.joints[0].state, units::State::Moving);
}

#[test]
fn files_modules_and_borrowed_types_are_laid_out_alike() {
    assert_eq!(files::arm::Arm::FINGERPRINT, arm::Arm::FINGERPRINT);
    assert_eq!(files::arm::Arm::SCHEMA, arm::Arm::SCHEMA);
    assert_eq!(borrowed::base::Base::SECTION, base::Base::SECTION);
    assert_eq!(rooted::base::Base::SECTION, base::Base::SECTION);

    let pose = drivers::frames::Pose::default();
    assert_eq!(borrowed::base::Base { pose }.pose, pose);
    let pose = files::frames::Pose::default();
    assert_eq!(files::base::Base { pose }.pose, pose);
}

#[test]
fn a_segment_of_an_imported_type_belongs_to_the_schema_that_names_it() {
    assert_eq!(arm::POSES.name(), "arm.poses");
    assert_eq!(arm::POSES.rows(), 4);
    assert_eq!(frames::Pose::SCHEMA, frames::SCHEMA);
}

#[test]
fn ranges_are_checked_in_imported_types_too() {
    let mut arm = arm::Arm::default();
    arm.trail[1].x = 11.0;
    let found = arm.out_of_range();
    assert_eq!(found[0].path(), "trail[1].x");
    assert_eq!(found.len(), 1);
}
