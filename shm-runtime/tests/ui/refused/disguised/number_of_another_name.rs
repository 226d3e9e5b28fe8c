type Small = char;

shm_runtime::open_enum! {
    enum Letter: Small { A = 'a' }
}
