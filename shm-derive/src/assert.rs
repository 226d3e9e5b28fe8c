//! What tokens cannot tell, asked of rustc: types behind aliases, lengths in
//! constants, layouts of nested records, offsets and sizes.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use shm_schema::layout::{Field as SchemaField, Member, StructLayout, Type};
use syn::Ident;
use syn::spanned::Spanned;

use crate::compare::{Expected, canonical, type_message};
use crate::kinds::{self, Kind};
use crate::predict::Prediction;
use shm_record::ast::Record;

/// Assertions that the struct is the schema's, each with a sentence.
///
/// Where the prediction is the schema's, and holds, there is nothing to ask.
pub(crate) fn against(
    record: &Record<'_>,
    expected: &Expected<'_>,
    prediction: Option<&Prediction>,
) -> TokenStream {
    let tracked = expected.schema.tracked();
    let fields = &expected.fields;
    // Of those that are spelled alike the first says it all.
    let kinds = kinds::of(fields.iter().map(|(r, field)| {
        let element = canonical(expected.layout, field);
        (record.fields[*r].ty, (element, &*field.dims))
    }));
    let settled = settled(prediction.is_some_and(|p| p.text == expected.layout.text));
    let types = kinds
        .iter()
        .map(|kind| type_is(kind, fields[kind.first].1, expected, &settled));
    let oks = kinds.iter().map(|kind| ok(kind.first));
    let offsets = expected
        .fields
        .iter()
        .map(|(r, field)| offset_is(record, *r, field, expected));
    let size = size_is(record, expected);
    let whole = whole_is(record, expected);
    quote! {
        #tracked
        #(#types)*
        // What follows a field of a wrong type is wrong as a consequence, and
        // of the offsets the first that is wrong says it all.
        const _: () = if !#settled #(&& #oks)* {
            #(#offsets)*
            #size
            #whole
        };
    }
}

/// Whether rustc has answered already: the prediction is what is asserted, and
/// holds.
fn settled(is_predicted: bool) -> TokenStream {
    match is_predicted {
        true => quote!(__IS_PREDICTED),
        false => quote!(false),
    }
}

/// Assertions of what is written beside the struct and its fields.
pub(crate) fn stated(record: &Record<'_>, prediction: Option<&Prediction>) -> TokenStream {
    let settled = settled(prediction.is_some_and(|prediction| prediction.says(record)));
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
    let offsets = record.fields.iter().enumerate().filter_map(|(i, field)| {
        let offset = field.shared.offset.as_ref()?;
        Some(number_is(
            offset.span(),
            &quote!(__AT[#i]),
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
        const _: () = if !#settled {
            #(#offsets)*
            #size
            #align
            #whole
        };
    }
}

/// The constant that says whether a type is the schema's.
fn ok(first: usize) -> Ident {
    format_ident!("__OK_{first}")
}

fn type_is(
    kind: &Kind<'_, (&str, &[u64])>,
    field: &SchemaField,
    expected: &Expected<'_>,
    settled: &TokenStream,
) -> TokenStream {
    let (ok, ty, (element, dims)) = (ok(kind.first), kind.ty, kind.told);
    let dims = dims.iter().map(|&dim| dim as usize);
    let dims = quote!(&[#(#dims),*]);
    let message = type_message(expected.schema, expected.layout, field);
    let other = other_layout(field, expected).map(|(prefix, message)| {
        quote_spanned! {ty.span()=>
            if ::shm_runtime::__private::shape_starts(
                &<#ty as ::shm_runtime::SharedField>::SHAPE, #prefix, #dims,
            ) {
                ::core::panic!("{}", #message)
            }
        }
    });
    quote_spanned! {ty.span()=>
        const #ok: bool = #settled || ::shm_runtime::__private::shape_is(
            &<#ty as ::shm_runtime::SharedField>::SHAPE, #element, #dims,
        );
        const _: () = if !#ok {
            #other
            ::core::panic!("{}", #message)
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
    r: usize,
    field: &SchemaField,
    expected: &Expected<'_>,
) -> TokenStream {
    let ident = record.fields[r].ident;
    let offset = field.offset as usize;
    let help = gap_before(expected.layout, field)
        .map_or_else(String::new, |gap| format!("; help: put `{gap}` before it"));
    number_is(
        ident.span(),
        &quote!(__AT[#r]),
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
            ::core::panic!("{}", #message)
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
            ::shm_runtime::__private::wrong_number::<#room>(#before, #found, #after)
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
