//! A paid extra on the guest's bill (transfer, parking): quoted here, posted when the guest agrees.

use super::quotes::FromTheList;
use crate::domain::item::ItemKind;

pub(super) const POST_CHARGE: FromTheList = FromTheList {
    name: "post_charge",
    description: "A paid extra from the hotel's list, such as an airport transfer, on the guest's own bill. It gives a quote; the \
         system tells the guest the price and books only after the guest's own yes.",
    kinds: &[ItemKind::Extra],
};
