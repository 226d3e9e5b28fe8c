//! Impls for a struct that has errors.
//!
//! Without them each use of the struct would be an error of its own, and the
//! real ones would drown. The program does not compile either way, so what
//! they say is of no account.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use shm_schema::Name;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, Type};

use shm_record::lower::{Lone, Lowered};

/// The error, and impls when the struct can have some.
pub(crate) fn impls(input: &DeriveInput, error: syn::Error) -> TokenStream {
    let error = error.into_compile_error();
    if !input.generics.params.is_empty() || holds_pointer(input) {
        return error;
    }
    let ident = &input.ident;
    let tokens = tokens(input);
    quote! {
        #error

        #[automatically_derived]
        #[allow(unsafe_code)]
        unsafe impl ::shm_runtime::SharedField for #ident {
            const SHAPE: ::shm_runtime::Shape = ::shm_runtime::Shape::of("");
            const PADDED: bool = true;
            unsafe fn normalise(_: *mut u8) {}
            unsafe fn scrub(_: *mut u8) {}
        }

        #[automatically_derived]
        #[allow(unsafe_code)]
        unsafe impl ::shm_runtime::SharedLayout for #ident {
            const NAME: &'static str = "";
            const SECTION: &'static ::shm_runtime::Section =
                &::shm_runtime::Section::of("", &[]);
            const SCHEMA: ::shm_runtime::SchemaId = ::shm_runtime::SchemaId::NONE;
            const FIELDS: &'static [::shm_runtime::FieldShape] = &[];
        }

        #tokens
    }
}

/// Whether impls would bring errors of their own: a pointer is not `Send`.
fn holds_pointer(input: &DeriveInput) -> bool {
    fn is_pointer(ty: &Type) -> bool {
        match ty {
            Type::Ptr(_) => true,
            Type::Array(array) => is_pointer(&array.elem),
            _ => false,
        }
    }
    match &input.data {
        Data::Struct(data) => data.fields.iter().any(|field| is_pointer(&field.ty)),
        _ => false,
    }
}

/// Tokens of the fields whose types can be shared.
fn tokens(input: &DeriveInput) -> TokenStream {
    let Data::Struct(data) = &input.data else {
        return TokenStream::new();
    };
    let Fields::Named(fields) = &data.fields else {
        return TokenStream::new();
    };
    let ident = &input.ident;
    let mut constants: Vec<String> = Vec::new();
    let mut tokens = TokenStream::new();
    for field in &fields.named {
        let (Some(name), Ok(_)) = (&field.ident, Lowered::from_syn(&field.ty, Lone::Imported))
        else {
            continue;
        };
        let constant = Name::constant_case(&name.unraw().to_string());
        if constants.contains(&constant) {
            continue;
        }
        let token = syn::Ident::new(&constant, name.span());
        let (visibility, ty) = (&field.vis, &field.ty);
        tokens.extend(quote_spanned! {name.span()=>
            #[allow(missing_docs, unsafe_code)]
            impl #ident {
                #visibility const #token: ::shm_runtime::Field<Self, #ty> =
                    unsafe { ::shm_runtime::Field::new("", 0) };
            }
        });
        constants.push(constant);
    }
    tokens
}
