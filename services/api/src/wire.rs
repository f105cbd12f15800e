//! What goes over the wire: types of answers, apart from the domain's own, and the Chinese words for them.
//!
//! Times are RFC 3339 in UTC; words are the stable English ones, with the Chinese beside where an official reads it.

mod entry;
mod matter;
mod me;
mod post;
mod unit;
mod words;
mod work;

pub(crate) use entry::{EntryPage, EntryView, EventView, kind_chinese, last_change};
pub(crate) use matter::{MatterPageView, MatterSummary, MatterView, PlaceName, lead_name};
pub(crate) use me::{Me, role_chinese};
pub(crate) use post::PostPageView;
pub(crate) use unit::{PlaceView, SystemView, UnitView};
pub(crate) use words::{assignment_chinese, channel_chinese, commitment_chinese, deadline_chinese, response_chinese};
