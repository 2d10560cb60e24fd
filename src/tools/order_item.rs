//! Something from the hotel's menu, brought to the room: quoted here, carried out when the guest agrees.

use super::quotes::FromTheList;
use crate::domain::item::ItemKind;

pub(super) const ORDER_ITEM: FromTheList = FromTheList {
    name: "order_item",
    description: "Food and drinks from the hotel's menu to the guest's own room. It gives a quote; the system tells the guest the \
         price and orders only after the guest's own yes. Call it again when the guest changes item or quantity.",
    kinds: &[ItemKind::Menu, ItemKind::Extra],
};
