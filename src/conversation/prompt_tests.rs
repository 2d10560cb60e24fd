//! The prompt: what it renders to, what it refuses, and that its stable part is stable.

use super::*;
use crate::conversation::prompt_input::TurnFacts;
use crate::domain::hotel::{HotelSettings, LateCheckout};
use crate::domain::proof::Proof;
use chrono::{NaiveTime, TimeZone};
use uuid::Uuid;

fn hotel() -> Hotel {
    let clock = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    Hotel {
        id: Uuid::from_u128(1).into(),
        slug: "birch".to_owned(),
        name: "Birch Inn".to_owned(),
        zone: chrono_tz::Europe::Oslo,
        currency: "NOK".parse().unwrap(),
        revision: 1,
        settings: HotelSettings {
            languages: vec!["nb".to_owned(), "en".to_owned()],
            reception_phone: "+4722000000".to_owned(),
            description: [("nb".to_owned(), "Twelve rooms\nby the fjord".to_owned())].into(),
            late_checkout: LateCheckout {
                standard: clock(11),
                free_until: clock(12),
                paid_until: clock(14),
                price_minor: 30_000,
            },
            ..HotelSettings::default()
        },
    }
}

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 20, 23, 30, 0).unwrap()
}

fn refused(template: &str) -> PromptError {
    let errors = check(template, &hotel(), now()).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors.into_iter().next().unwrap()
}

#[test]
fn the_default_prompt_serves_all_three_samples() {
    let previews = check(DEFAULT, &hotel(), now()).unwrap();
    assert_eq!(
        previews.iter().map(|p| p.sample.as_str()).collect::<Vec<_>>(),
        ["no stay", "in house", "left"]
    );
    assert!(previews.iter().all(|preview| preview.rendered.stable == previews[0].rendered.stable));
    assert!(previews.iter().all(|preview| (100..2_000).contains(&preview.tokens)));
    let [stable, none, house, left] = [
        &previews[0].rendered.stable,
        &previews[0].rendered.turn,
        &previews[1].rendered.turn,
        &previews[2].rendered.turn,
    ];
    insta::assert_snapshot!(
        "default_prompt",
        format!("{stable}\n\n=== no stay\n{none}\n\n=== in house\n{house}\n\n=== left\n{left}")
    );
}

#[test]
fn the_stable_part_is_the_same_for_every_guest_and_day() {
    let guest = |now, name| {
        let facts = TurnFacts {
            now,
            channel: "SMS",
            guest_first_name: name,
            stay: None,
            proof: Proof::None,
            tools: &[],
        };
        render(DEFAULT, &PromptInput::new(&hotel(), &facts)).unwrap()
    };
    let (ana, john) = (guest(now(), Some("Ana")), guest(now() + chrono::TimeDelta::days(3), None));
    assert_eq!(ana.stable, john.stable);
    assert!(ana.turn.contains("Ana") && ana.turn.contains("Saturday, 2026-11-21"), "{}", ana.turn);
    assert_eq!(ana.messages().len(), 2);
}

#[test]
fn a_template_without_a_turn_block_gets_the_default_one() {
    let previews = check("You are the assistant of {{ hotel.name }}.", &hotel(), now()).unwrap();
    assert_eq!(previews[1].rendered.stable, "You are the assistant of Birch Inn.");
    assert!(previews[1].rendered.turn.contains("room 101"));
}

#[test]
fn a_manager_can_empty_the_turn_part() {
    let previews = check("Hello.{% block turn %}{% endblock %}", &hotel(), now()).unwrap();
    assert_eq!(previews[0].rendered.messages(), [ChatMessage::System("Hello.".to_owned())]);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let error = refused("one\ntwo\nRoom {{ hotel.rooom }}");
    assert_eq!(error.line, Some(3));
    assert!(error.to_string().contains("hotel.rooom"), "{error}");
    assert_eq!(refused("one\n{% if hotel.name %}x").line, Some(2));
    assert_eq!(refused("a\nb {{ hotel.name|shout }}").line, Some(2));
    assert_eq!(refused("a\n\n{{ range(5) }}").line, Some(3));
    assert!(refused("  {# nothing #} ").line.is_none());
    assert!(refused(&"x".repeat(MAX_TEMPLATE + 1)).what.contains("24,000"));
}

#[test]
fn a_stay_outside_the_turn_block_is_refused_with_what_to_do() {
    let error = refused("Hello\nRoom {{ stay.room }}");
    assert_eq!(error.line, Some(2));
    assert!(error.help.contains("{% block turn %}"), "{error}");
}

#[test]
fn a_stay_that_is_not_tested_for_fails_on_the_sample_without_one() {
    let error = refused("Hello\n{% block turn %}\nRoom {{ stay.room }}\n{% endblock %}");
    assert_eq!(error.line, Some(3));
    assert!(error.help.contains("if stay"), "{error}");
    assert!(
        check(
            "Hi{% block turn %}{% if stay %}{{ stay.room|default('?') }}{% endif %}{% endblock %}",
            &hotel(),
            now()
        )
        .is_ok()
    );
}

#[test]
fn loops_and_blocks_cannot_run_for_ever() {
    let nested = format!("{}x{}", "{% for p in policies %}".repeat(20), "{% endfor %}".repeat(20));
    assert!(refused(&nested).what.contains("too many steps"));
    let itself = "Hi{% block turn %}{{ self.turn() }}{% endblock %}";
    assert!(check(itself, &hotel(), now()).is_err());
    let long = "{{ hotel.name|join(hotel.description) }}";
    assert!(check(long, &hotel(), now()).is_err());
    let mut wordy = hotel();
    wordy.settings.description.insert("nb".to_owned(), "w".repeat(9_999));
    let many = "{{ hotel.description }}".repeat(900);
    assert!(check(&many, &wordy, now()).unwrap_err()[0].what.contains("48,000"));
}

#[test]
fn text_of_guests_and_hotels_is_never_run_as_a_template() {
    let mut sly = hotel();
    sly.name = "{{ 1 + 1 }} {% for %}".to_owned();
    let previews = check("I am {{ hotel.name }}.", &sly, now()).unwrap();
    assert_eq!(previews[0].rendered.stable, "I am {{ 1 + 1 }} {% for %}.");
}

#[test]
fn every_listed_variable_exists() {
    for (name, _) in variables() {
        let template = format!("Hi{{% block turn %}}{{{{ {name} }}}}{{% endblock %}}");
        let input = &sample_inputs(&hotel(), now())[1].1;
        assert!(render(&template, input).is_ok(), "{name}");
    }
}
