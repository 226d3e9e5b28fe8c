#[derive(Clone, Copy)]
struct Pair(u8, &'static str);

shm_runtime::__named_integer! { Pair: u8, "enum:", of_enum, [] }
