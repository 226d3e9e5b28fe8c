//! What tokens cannot tell, asked of rustc: types behind aliases, lengths in
//! constants, layouts of nested records, offsets and sizes.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use shm_schema::layout::{Field as SchemaField, Member, StructLayout, Type};
use syn::Ident;
use syn::spanned::Spanned;

use crate::compare::{Expected, type_message};
use shm_record::ast::{Field, Record};

/// Assertions that the struct is the schema's, each with a sentence.
pub(crate) fn against(record: &Record<'_>, expected: &Expected<'_>) -> TokenStream {
    let tracked = expected.schema.tracked();
    let types = expected
        .fields
        .iter()
        .map(|(r, field)| type_is(*r, &record.fields[*r], field, expected));
    let oks = expected.fields.iter().map(|(r, _)| ok(*r));
    let offsets = expected
        .fields
        .iter()
        .map(|(r, field)| offset_is(record, record.fields[*r].ident, field, expected));
    let size = size_is(record, expected);
    let whole = whole_is(record, expected);
    quote! {
        #tracked
        #(#types)*
        // What follows a field of a wrong type is wrong as a consequence, and
        // of the offsets the first that is wrong says it all.
        const _: () = if true #(&& #oks)* {
            #(#offsets)*
            #size
            #whole
        };
    }
}

/// Assertions of what is written beside the struct and its fields.
pub(crate) fn stated(record: &Record<'_>) -> TokenStream {
    let name = record.ident;
    let size = record.shared.size.as_ref().map(|size| {
        number_is(
            size.span(),
            &quote!(::core::mem::size_of::<#name>()),
            &quote!(#size),
            &format!("`{name}` has a size of "),
            &format!(" bytes and must have {size}"),
        )
    });
    let align = record.shared.align.as_ref().map(|align| {
        number_is(
            align.span(),
            &quote!(::core::mem::align_of::<#name>()),
            &quote!(#align),
            &format!("`{name}` is aligned to "),
            &format!(" and must be aligned to {align}"),
        )
    });
    let offsets = record.fields.iter().filter_map(|field| {
        let (ident, offset) = (field.ident, field.shared.offset.as_ref()?);
        Some(number_is(
            offset.span(),
            &quote!(::core::mem::offset_of!(#name, #ident)),
            &quote!(#offset),
            &format!("`{name}.{}` is at byte ", field.name),
            &format!(" and must be at byte {offset}"),
        ))
    });
    let whole = record.shared.fingerprint.as_ref().map(|fingerprint| {
        let message = format!(
            "`{name}` has other names or types than its fingerprint says; help: when the file was \
             generated, generate it again"
        );
        fingerprint_is(fingerprint.span(), &fingerprint.value(), &message)
    });
    quote! {
        // Of the offsets the first that is wrong says it all.
        const _: () = {
            #(#offsets)*
            #size
            #align
            #whole
        };
    }
}

/// The constant that says whether a field's type is the schema's.
fn ok(r: usize) -> Ident {
    format_ident!("__OK_{r}")
}

fn type_is(
    r: usize,
    field: &Field<'_>,
    schema_field: &SchemaField,
    expected: &Expected<'_>,
) -> TokenStream {
    let (ok, ty) = (ok(r), field.ty);
    let element = canonical(expected.layout, schema_field);
    let dims = schema_field.dims.iter().map(|&dim| dim as usize);
    let dims = quote!(&[#(#dims),*]);
    let message = type_message(expected.schema, expected.layout, schema_field);
    let other = other_layout(schema_field, expected).map(|(prefix, message)| {
        quote_spanned! {ty.span()=>
            if ::shm_runtime::__private::shape_starts(
                &<#ty as ::shm_runtime::SharedField>::SHAPE, #prefix, #dims,
            ) {
                panic!("{}", #message)
            }
        }
    });
    quote_spanned! {ty.span()=>
        const #ok: bool = ::shm_runtime::__private::shape_is(
            &<#ty as ::shm_runtime::SharedField>::SHAPE, #element, #dims,
        );
        const _: () = if !#ok {
            #other
            panic!("{}", #message)
        };
    }
}

/// For a named type: what an equal name starts with in canonical text, and
/// what to say when only the rest differs.
fn other_layout(field: &SchemaField, expected: &Expected<'_>) -> Option<(String, String)> {
    let layout = &expected.schema.layout;
    let (kind, name, at) = match field.ty {
        Type::Enum(i) => ("enum", &layout.enums[i].name, layout.enums[i].at),
        Type::Flags(i) => ("flags", &layout.flags[i].name, layout.flags[i].at),
        Type::Struct(i) => ("struct", &layout.structs[i].name, layout.structs[i].at),
        _ => return None,
    };
    let message = format!(
        "`{name}` here is not the `{name}` of `{}`: names, values or layout differ",
        expected.schema.at_home(layout.home(field.ty), at)
    );
    Some((format!("{kind}:{name}:"), message))
}

fn offset_is(
    record: &Record<'_>,
    ident: &Ident,
    field: &SchemaField,
    expected: &Expected<'_>,
) -> TokenStream {
    let name = record.ident;
    let offset = field.offset as usize;
    let help = gap_before(expected.layout, field)
        .map_or_else(String::new, |gap| format!("; help: put `{gap}` before it"));
    let found = quote_spanned!(ident.span()=> ::core::mem::offset_of!(#name, #ident));
    number_is(
        ident.span(),
        &found,
        &quote!(#offset),
        &format!("`{}.{}` is at byte ", expected.layout.name, field.name),
        &format!(
            " and must be at byte {offset}, as `{}` says{help}",
            expected.schema.at(field.at)
        ),
    )
}

fn size_is(record: &Record<'_>, expected: &Expected<'_>) -> TokenStream {
    let (name, layout) = (record.ident, expected.layout);
    let at = expected.schema.at(layout.at);
    let help = match layout.members.last() {
        Some(Member::Pad(gap) | Member::Reserved(gap)) => {
            format!("; help: end it with `{}: Pad<{}>`", gap.name, gap.size)
        }
        _ => String::new(),
    };
    let (align, size) = (layout.align as usize, layout.size as usize);
    let align_is = number_is(
        name.span(),
        &quote!(::core::mem::align_of::<#name>()),
        &quote!(#align),
        &format!("`{}` is aligned to ", layout.name),
        &format!(" and must be aligned to {align}, as `{at}` says"),
    );
    let size_is = number_is(
        name.span(),
        &quote!(::core::mem::size_of::<#name>()),
        &quote!(#size),
        &format!("`{}` has a size of ", layout.name),
        &format!(" bytes and must have {size}, as `{at}` says{help}"),
    );
    quote!(#align_is #size_is)
}

/// Catches what the others cannot, such as an alias of a number in the place
/// of reserved room.
fn whole_is(record: &Record<'_>, expected: &Expected<'_>) -> TokenStream {
    let fingerprint = expected.layout.fingerprint.to_string();
    let message = format!(
        "`{}` has fields in places that `{}` keeps free",
        expected.layout.name,
        expected.schema.at(expected.layout.at)
    );
    fingerprint_is(record.ident.span(), &fingerprint, &message)
}

fn fingerprint_is(span: Span, fingerprint: &str, message: &str) -> TokenStream {
    quote_spanned! {span=>
        if !__SECTION.fingerprint.equals(&::shm_runtime::Fingerprint::from_hex(#fingerprint)) {
            panic!("{}", #message)
        }
    }
}

/// Fails with `<before><found><after>`.
fn number_is(
    span: Span,
    found: &TokenStream,
    expected: &TokenStream,
    before: &str,
    after: &str,
) -> TokenStream {
    const DIGITS: usize = 20;
    let room = before.len() + DIGITS + after.len();
    quote_spanned! {span=>
        if #found != #expected {
            const __MESSAGE: &::shm_runtime::__private::Text<#room> =
                &::shm_runtime::__private::Text::EMPTY
                    .push(#before)
                    .number(#found as i128)
                    .push(#after);
            panic!("{}", __MESSAGE.as_str())
        }
    }
}

/// The padding or reserved room that ends where `field` starts.
fn gap_before(layout: &StructLayout, field: &SchemaField) -> Option<String> {
    layout.members.iter().find_map(|member| match member {
        Member::Pad(gap) | Member::Reserved(gap) if gap.offset + gap.size == field.offset => {
            Some(format!("{}: Pad<{}>", gap.name, gap.size))
        }
        _ => None,
    })
}

/// The type of one element, read from its line in the canonical text:
/// `<name> <element>[ [dims]] @<offset> +<size>`.
fn canonical<'a>(layout: &'a StructLayout, field: &SchemaField) -> &'a str {
    layout
        .text
        .lines()
        .skip(2) // the tag, and the struct's own line
        .filter_map(|line| line.split_once(' '))
        .find(|(name, _)| field.name == **name)
        .and_then(|(_, rest)| rest.split(' ').next())
        .unwrap_or_default()
}
