//! What goes over the wire: types of answers, apart from the domain's own, and the Chinese words for them.
//!
//! Times are RFC 3339 in UTC; words are the stable English ones, with the Chinese beside where an official reads it.

mod alerts;
mod claim;
mod entry;
mod heat;
mod matter;
mod me;
mod post;
mod unit;
mod words;
mod work;

pub(crate) use alerts::{ChannelList, ChannelView, DeliveryDetail, DeliveryPage, RuleList, RuleView, TestView};
pub(crate) use claim::{ClaimEvent, ClaimView};
pub(crate) use entry::{EntryPage, EntryView, EventView, last_change};
pub(crate) use heat::HeatView;
pub(crate) use matter::{MatterPageView, MatterSummary, MatterView, PlaceName};
pub(crate) use me::Me;
pub(crate) use post::PostPageView;
pub(crate) use unit::{PlaceView, SystemView, UnitView};
