//! An entry on the blackboard of `iceoryx2`.

use ::iceoryx2::node::{Node, NodeBuilder};
use ::iceoryx2::port::reader::EntryHandle;
use ::iceoryx2::port::writer::EntryHandleMut;
use ::iceoryx2::prelude::{LogLevel, set_log_level};
use ::iceoryx2::service::ipc_threadsafe::Service;
use anyhow::Result;

use super::{Across, Peer, Reader, Writer, fresh_name};

pub(crate) struct Blackboard;

/// The only key.
const KEY: u64 = 1;

pub(crate) struct Owner<const N: usize> {
    entry: EntryHandleMut<Service, u64, [u64; N]>,
    _node: Node<Service>,
}

pub(crate) struct Attached<const N: usize> {
    entry: EntryHandle<Service, u64, [u64; N]>,
    _node: Node<Service>,
}

fn node() -> Result<Node<Service>> {
    set_log_level(LogLevel::Fatal);
    Ok(NodeBuilder::new().create()?)
}

impl<const N: usize> Writer<N> for Owner<N> {
    #[inline(always)]
    fn write(&mut self, value: &[u64; N]) {
        self.entry.update_with_copy(*value);
    }
}

impl<const N: usize> Reader<N> for Attached<N> {
    #[inline(always)]
    fn read(&mut self, to: &mut [u64; N]) -> u64 {
        *to = *self.entry.get();
        0
    }
}

impl<const N: usize> Peer<N> for Blackboard {
    const NAME: &'static str = "iceoryx2 blackboard";
    type Writer = Owner<N>;
    type Reader = Attached<N>;

    fn open(readers: usize) -> Result<(Self::Writer, Vec<Self::Reader>)> {
        let name = fresh_name();
        let writer = <Self as Across<N>>::create(&name)?;
        let attach = |_| <Self as Across<N>>::attach(&name);
        let readers = (0..readers).map(attach).collect::<Result<_>>()?;
        Ok((writer, readers))
    }
}

impl<const N: usize> Across<N> for Blackboard {
    fn create(name: &str) -> Result<Self::Writer> {
        let node = node()?;
        let service = node
            .service_builder(&name.try_into()?)
            .blackboard_creator::<u64>()
            .add::<[u64; N]>(KEY, [0; N])
            .create()?;
        let entry = service.writer_builder().create()?.entry::<[u64; N]>(&KEY)?;
        Ok(Owner { entry, _node: node })
    }

    fn attach(name: &str) -> Result<Self::Reader> {
        let node = node()?;
        let service = node
            .service_builder(&name.try_into()?)
            .blackboard_opener::<u64>()
            .open()?;
        let entry = service.reader_builder().create()?.entry::<[u64; N]>(&KEY)?;
        Ok(Attached { entry, _node: node })
    }
}
