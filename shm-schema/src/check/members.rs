//! The members of a struct, put in their places.

use super::claims::Claims;
use super::context::{Context, text};
use super::fields::Part;
use crate::fingerprint::Fingerprint;
use crate::law::{self, Want};
use crate::layout::{Field, Gap, Home, Layout, Member, StructLayout, Type};
use crate::model::{At, Struct};
use crate::name::Name;
use crate::position::Position;
use crate::text;

/// Puts a struct together: every byte accounted for, text and fingerprint.
pub(super) fn seal(
    cx: &Context<'_>,
    layout: &Layout,
    s: &At<Struct>,
    claims: Claims,
    extent: Want,
    parts: impl Iterator<Item = (Part, u64)>,
) -> StructLayout {
    let at = cx.at(&s.name);
    let mut members = Members {
        list: Vec::with_capacity(s.fields.len()),
        end: 0,
        pads: 0,
        at,
    };
    for (part, offset) in parts {
        members.pad_to(offset);
        members.add(part, offset, claims.pack);
    }
    members.pad_to(extent.size);
    let ranged = |field: &Field| match field.ty {
        Type::Struct(i) => layout.structs[i].ranged,
        _ => field.range.is_some(),
    };
    let ranged = members.list.iter().filter_map(Member::as_field).any(ranged);
    let mut sealed = StructLayout {
        home: Home::Own,
        name: Name::new(s.name.as_str()),
        size: extent.size,
        align: extent.align,
        declared_align: claims.align,
        pack: claims.pack,
        ranged,
        members: members.list,
        doc: text(&s.doc),
        at,
        fingerprint: Fingerprint::of(""),
        text: String::new(),
    };
    sealed.text = text::of_struct(layout, &sealed);
    sealed.fingerprint = Fingerprint::of(&sealed.text);
    sealed
}

/// Members in byte order, without a hole.
struct Members {
    list: Vec<Member>,
    end: u64,
    pads: usize,
    at: Position,
}

impl Members {
    fn pad_to(&mut self, offset: u64) {
        if offset == self.end {
            return;
        }
        self.list.push(Member::Pad(Gap {
            name: format!("_pad{}", self.pads),
            offset: self.end,
            size: offset - self.end,
            doc: None,
            at: self.at,
        }));
        self.pads += 1;
        self.end = offset;
    }

    fn add(&mut self, part: Part, offset: u64, pack: Option<u64>) {
        let mut member = part.member;
        match &mut member {
            Member::Field(field) => {
                field.offset = offset;
                field.align = law::packed(field.align, pack);
            }
            Member::Reserved(gap) | Member::Pad(gap) => gap.offset = offset,
        }
        self.list.push(member);
        self.end = offset + part.want.size;
    }
}
