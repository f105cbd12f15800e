//! Identifiers, each its own type so that one is never taken for another.

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = String))]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is; whether it exists is the catalogue's or the store's to say.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// A place (属地): GB/T 2260 code to county, nine-digit statistical code below, or one of ours with a prefix.
    PlaceCode
);
text_id!(
    /// A unit (单位): a government body, by the catalogue's own id.
    UnitId
);
text_id!(
    /// A system (系统), the line of work a unit belongs to; its code is its Chinese label: 教育, 公安 …
    SystemCode
);
text_id!(
    /// A version of the catalogue (职责目录), such as `jiangxi-2026.1`.
    CatalogueVersionId
);
text_id!(
    /// The public number of a matter (编号), such as `20261122-00017`: Beijing date of receipt and a running number.
    MatterNo
);

/// A post by its source and the source's own id for it. Never an account: sources give ticket or message numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PostRef {
    /// Name of the source (来源).
    pub source: String,
    /// The source's id of the post.
    pub id: String,
}

impl std::fmt::Display for PostRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.source, self.id)
    }
}
