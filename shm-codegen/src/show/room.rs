//! What a struct's bytes are there for, and the order that wastes none.

use std::cmp::Reverse;

use shm_schema::layout::{Member, StructLayout};

/// Sums of bytes; together they are the struct's size.
pub(super) struct Room {
    pub(super) fields: u64,
    pub(super) reserved: u64,
    /// Padding with a member behind it.
    pub(super) holes: u64,
    /// Padding at the end.
    pub(super) tail: u64,
}

impl Room {
    pub(super) fn of(record: &StructLayout) -> Self {
        let mut sum = Self {
            fields: 0,
            reserved: 0,
            holes: 0,
            tail: 0,
        };
        for (index, member) in record.members.iter().enumerate() {
            match member {
                Member::Field(field) => sum.fields += field.size,
                Member::Reserved(gap) => sum.reserved += gap.size,
                Member::Pad(gap) if index + 1 == record.members.len() => sum.tail += gap.size,
                Member::Pad(gap) => sum.holes += gap.size,
            }
        }
        sum
    }
}

/// An order of the members without holes, for a struct that has some.
pub(crate) struct Remedy<'a> {
    /// As the schema spells them.
    pub(super) order: Vec<&'a str>,
    /// What they need as they stand, without room that the schema adds behind.
    now: u64,
    /// What they need in that order.
    pub(super) then: u64,
}

impl<'a> Remedy<'a> {
    /// By falling alignment, since every size is a multiple of its alignment.
    /// Members of one alignment stay in order.
    pub(crate) fn of(record: &'a StructLayout) -> Option<Self> {
        let room = Room::of(record);
        if room.holes == 0 {
            return None;
        }
        let members = record.members.iter().filter_map(|member| match member {
            Member::Field(field) => Some((field.align, field.name.as_str())),
            Member::Reserved(gap) => Some((1, gap.name.as_str())),
            Member::Pad(_) => None,
        });
        let mut members: Vec<(u64, &str)> = members.collect();
        members.sort_by_key(|(align, _)| Reverse(*align));
        let full = room.fields + room.reserved;
        Some(Self {
            order: members.into_iter().map(|(_, name)| name).collect(),
            now: (full + room.holes).next_multiple_of(record.align),
            then: full.next_multiple_of(record.align),
        })
    }

    /// What the order is good for: `no holes in this order, 24 instead of 32`.
    pub(super) fn title(&self) -> String {
        let saved = match self.now.checked_sub(self.then) {
            None | Some(0) => String::new(),
            Some(_) => format!(", {} instead of {}", self.then, self.now),
        };
        format!("no holes in this order{saved}")
    }

    /// The same with the order.
    pub(crate) fn sentence(&self) -> String {
        format!("{}: {}", self.title(), self.order.join(", "))
    }
}
