use shm_runtime::SharedLayout;

#[allow(non_camel_case_types)]
type u32 = i32;

#[derive(SharedLayout, Clone, Copy)]
#[shared(fingerprint = "f79abe4c728409b2f2b9f42850964b873e6be00fb864461c5624e1c32d5db0ba")]
#[repr(C)]
struct Record {
    x: u32,
}
