use shm_runtime::SharedLayout;

// The derive defines one too, in which 32 stands here.
const __AT: &[usize; 2] = &[0, 2];

#[derive(SharedLayout, Clone, Copy)]
#[repr(C)]
struct Marks {
    numbers: [u64; 4],
    marks: [bool; __AT[1]],
}
