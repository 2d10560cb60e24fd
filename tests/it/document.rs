//! The API's document is what integrators build on: a change of it is noticed here, and accepted on purpose
//! (`INSTA_UPDATE=always cargo test --test it the_api`).

#[test]
fn the_api_that_integrators_rely_on_has_not_changed_unnoticed() {
    let document = bellhop::web::api::document().to_pretty_json().unwrap();
    insta::assert_snapshot!("api", document);
}
