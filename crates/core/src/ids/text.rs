//! A secret text under a kind: what most identifiers are once they have passed their rule.
//!
//! [`secret_text`] makes the type: it exists only after `parse`, is read by `expose` alone, and cannot be printed, logged or serialised. What a kind
//! refuses and where that comes from stands at the kind, in the words that it gives here; what a text tells beyond itself it adds on its own.
//! Not for what is public (an IFSC, a reference ID) and what is no text afterwards (a date). Source: contract section 3.

macro_rules! secret_text {
    ($(#[$type_doc:meta])* $name:ident of $kind:ident, $(#[$rule_doc:meta])* parse) => {
        $(#[$type_doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name($crate::secret::Secret<String>);

        impl $name {
            $(#[$rule_doc])*
            pub fn parse(input: &str) -> Result<Self, $crate::ids::Fault> {
                $crate::ids::Kind::$kind.read(input).map(|text| Self($crate::secret::Secret::new(text)))
            }

            /// The text in its canonical form.
            #[must_use]
            pub fn expose(&self) -> &str {
                self.0.expose()
            }

            /// What may be shown of it (contract section 2.6).
            #[must_use]
            pub fn masked(&self) -> String {
                $crate::ids::Kind::$kind.shown(self.expose())
            }
        }
    };
}
