//! A cell of `shm-runtime`, with `COPIES` copies.

use anyhow::Result;
use shm_runtime::{Cell, CellWriter};

use super::{Across, Peer, Reader, Writer, fresh_name};
use crate::block::{Sized, Words};

/// A cell of `COPIES` copies.
pub(crate) struct Ours<const COPIES: u32>;

/// Removes its segment when it goes.
pub(crate) struct Owner<T: shm_runtime::SharedLayout>(pub(crate) Option<CellWriter<T>>);

impl<T: shm_runtime::SharedLayout> Drop for Owner<T> {
    fn drop(&mut self) {
        if let Some(writer) = self.0.take() {
            let _ = writer.unlink();
        }
    }
}

impl<T: shm_runtime::SharedLayout + bytemuck::Pod, const N: usize> Writer<N> for Owner<T> {
    #[inline(always)]
    fn write(&mut self, value: &[u64; N]) {
        if let Some(writer) = &mut self.0 {
            writer.write(bytemuck::cast_ref(value)).expect("it is ours");
        }
    }
}

impl<T: shm_runtime::SharedLayout + bytemuck::Pod, const N: usize> Reader<N> for Cell<T> {
    #[inline(always)]
    fn read(&mut self, to: &mut [u64; N]) -> u64 {
        self.read_into(bytemuck::cast_mut(to)).expect("it is there");
        0
    }
}

impl<const N: usize, const COPIES: u32> Peer<N> for Ours<COPIES>
where
    Words<N>: Sized<N>,
{
    const NAME: &'static str = match COPIES {
        2 => "shm-runtime",
        _ => "shm-runtime, copies: 4",
    };
    type Writer = Owner<<Words<N> as Sized<N>>::Block>;
    type Reader = Cell<<Words<N> as Sized<N>>::Block>;

    fn open(readers: usize) -> Result<(Self::Writer, Vec<Self::Reader>)> {
        let name = fresh_name();
        let writer = Self::create(&name)?;
        let readers = (0..readers)
            .map(|_| Self::attach(&name))
            .collect::<Result<_>>()?;
        Ok((writer, readers))
    }
}

impl<const N: usize, const COPIES: u32> Across<N> for Ours<COPIES>
where
    Words<N>: Sized<N>,
{
    fn create(name: &str) -> Result<Self::Writer> {
        let writer = Cell::options(name).copies(COPIES).create()?;
        Ok(Owner(Some(writer)))
    }

    fn attach(name: &str) -> Result<Self::Reader> {
        let wait = std::time::Duration::from_secs(10);
        Ok(Cell::options(name).wait(wait).attach()?)
    }
}
