//! The one integration binary: stories that guests, staff and managers would tell, and the shape of the source.

mod arrows;
mod shape;
mod source;
