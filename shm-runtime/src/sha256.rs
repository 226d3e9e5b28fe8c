//! SHA-256 that runs in a constant.
//!
//! The fingerprint of a record is part of its type, so it is computed while
//! rustc compiles; crates of digests cannot do that through their traits.
//!
//! # References
//!
//! FIPS 180-4, sections 5 and 6.2.

/// The digest of `message`.
pub(crate) const fn digest(message: &[u8]) -> [u8; 32] {
    let mut state = INITIAL;
    let mut rest = message;
    while let Some((block, after)) = rest.split_first_chunk::<64>() {
        state = compress(state, block);
        rest = after;
    }

    // The tail: a bit of 1, zeros, and the length in bits, in one block or two.
    let mut block = [0; 64];
    let mut i = 0;
    while i < rest.len() {
        block[i] = rest[i];
        i += 1;
    }
    block[i] = 0x80;
    if i >= 56 {
        state = compress(state, &block);
        block = [0; 64];
    }
    let bits = (message.len() as u64 * 8).to_be_bytes();
    let mut i = 0;
    while i < 8 {
        block[56 + i] = bits[i];
        i += 1;
    }
    big_endian(compress(state, &block))
}

/// One round over a block; section 6.2.2.
///
/// Written for rustc's interpreter, to which a call costs as much as some ten
/// operations: sums are of 64 bits, of which the lower half counts, and not
/// `wrapping_add`.
const fn compress(state: [u32; 8], block: &[u8; 64]) -> [u32; 8] {
    let schedule = schedule(block);
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
    let mut t = 0;
    while t < 64 {
        // Shifted, a word beside itself is the word rotated.
        let ee = ((e as u64) << 32) | e as u64;
        let s1 = ((ee >> 6) ^ (ee >> 11) ^ (ee >> 25)) as u32;
        let choice = (e & f) ^ (!e & g);
        let t1 = h as u64 + s1 as u64 + choice as u64 + ROUND[t] as u64 + schedule[t] as u64;
        let aa = ((a as u64) << 32) | a as u64;
        let s0 = ((aa >> 2) ^ (aa >> 13) ^ (aa >> 22)) as u32;
        let majority = (a & b) ^ (a & c) ^ (b & c);
        h = g;
        g = f;
        f = e;
        e = (d as u64 + t1) as u32;
        d = c;
        c = b;
        b = a;
        a = (t1 + s0 as u64 + majority as u64) as u32;
        t += 1;
    }
    let mut sum = [a, b, c, d, e, f, g, h];
    let mut i = 0;
    while i < 8 {
        sum[i] = sum[i].wrapping_add(state[i]);
        i += 1;
    }
    sum
}

/// The message schedule of a block; section 6.2.2, step 1.
const fn schedule(block: &[u8; 64]) -> [u32; 64] {
    let mut w = [0; 64];
    let mut t = 0;
    while t < 16 {
        let at = 4 * t;
        w[t] = ((block[at] as u32) << 24)
            | ((block[at + 1] as u32) << 16)
            | ((block[at + 2] as u32) << 8)
            | block[at + 3] as u32;
        t += 1;
    }
    while t < 64 {
        let (x, y) = (w[t - 15], w[t - 2]);
        let xx = ((x as u64) << 32) | x as u64;
        let yy = ((y as u64) << 32) | y as u64;
        let s0 = ((xx >> 7) ^ (xx >> 18)) as u32 ^ (x >> 3);
        let s1 = ((yy >> 17) ^ (yy >> 19)) as u32 ^ (y >> 10);
        w[t] = (w[t - 16] as u64 + s0 as u64 + w[t - 7] as u64 + s1 as u64) as u32;
        t += 1;
    }
    w
}

const fn big_endian(words: [u32; 8]) -> [u8; 32] {
    let mut bytes = [0; 32];
    let mut i = 0;
    while i < 32 {
        bytes[i] = words[i / 4].to_be_bytes()[i % 4];
        i += 1;
    }
    bytes
}

/// Section 5.3.3.
const INITIAL: [u32; 8] = [
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/// Section 4.2.2.
const ROUND: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

#[cfg(test)]
mod tests {
    use super::digest;

    fn hex(message: &[u8]) -> String {
        digest(message).iter().map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn the_vectors_of_nist_come_out() {
        assert_eq!(
            hex(b""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            hex(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            hex(b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        );
        assert_eq!(
            hex(&[b'a'; 1_000_000]),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        );
    }

    #[test]
    fn every_length_of_tail_agrees_with_sha2() {
        use sha2::{Digest, Sha256};

        let message: Vec<u8> = (0..=200).collect();
        for len in 0..=message.len() {
            let expected: [u8; 32] = Sha256::digest(&message[..len]).into();
            assert_eq!(digest(&message[..len]), expected, "{len} bytes");
        }
    }
}
