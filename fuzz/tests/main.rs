//! The short row of every property, a few inputs of bytes, and that every subject has a fuzz target.

use std::fs;
use std::path::Path;

use khaacho_fuzz::{SUBJECTS, Source, Subject, mutate};

macro_rules! properties {
    ($($subject:literal: $($name:ident)*;)*) => {
        $($(#[test]
        fn $name() {
            let subject = Subject::named($subject).expect("there is this subject");
            let property = subject.properties.iter().find(|one| one.name == stringify!($name));
            property.expect("it has this property").short();
        })*)*

        /// Properties that have a test above.
        const TRIED: &[&str] = &[$($(stringify!($name)),*),*];
    };
}

properties! {
    "meta":
        damaged_deliveries_lose_nothing_and_break_nothing
        deliveries_of_any_shape_are_read_element_by_element
        only_the_signed_bytes_are_proven;
    "twilio":
        damaged_forms_are_one_event
        forms_of_any_fields_are_one_event
        a_signature_holds_in_every_order_and_for_nothing_else;
    "order_text":
        whatever_is_written_is_read
        capitals_and_scripts_of_digits_do_not_matter
        a_plain_list_is_read_as_it_is_written
        a_vendor_moves_nothing_by_chance
        no_proposal_makes_a_line
        an_answer_of_a_model_is_read_or_not;
    "money":
        arithmetic_is_exact_or_refused
        an_amount_can_be_read_back_from_every_form
        a_quantity_is_what_its_text_says_and_nothing_else_is_one;
    "phone":
        whatever_is_written_is_a_number_or_none
        one_mobile_in_all_its_writings_is_one_number
        a_mask_hides_digits_whatever_it_masks;
    "fingerprint":
        payments_are_the_same_exactly_when_all_they_say_is
        orders_are_the_same_exactly_when_all_their_lines_are
        offers_are_the_same_exactly_when_their_terms_are;
}

#[test]
fn every_property_is_tried_and_every_subject_has_a_target() {
    for subject in SUBJECTS {
        for property in subject.properties {
            assert!(TRIED.contains(&property.name), "{} has no test", property.name);
        }
        let targets = Path::new(env!("CARGO_MANIFEST_DIR")).join("targets");
        let source = fs::read_to_string(targets.join(format!("fuzz_targets/{}.rs", subject.name)));
        let source = source.expect("there is a target of this name");
        assert!(source.contains(&format!("{:?}", subject.name)), "{source}");
        let manifest = fs::read_to_string(targets.join("Cargo.toml")).expect("the targets have a manifest");
        assert!(
            manifest.contains(&format!("name = {:?}", subject.name)),
            "{manifest}"
        );
    }
}

/// What a fuzzer gives: bytes that mean nothing, none at all, and inputs that were kept.
#[test]
fn bytes_are_inputs_too() {
    for subject in SUBJECTS {
        subject.fuzz(&[]);
        for first in 0..8 {
            subject.fuzz(&[first]);
            for run in 0..200 {
                let mut source = Source::numbered(run);
                let mut data = vec![0; source.usize(..300)];
                data.iter_mut().for_each(|byte| *byte = source.u8(..));
                data.insert(0, first);
                subject.fuzz(&data);
                subject.fuzz(&mutate::bytes(&mut source, &data));
            }
        }
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("targets/corpus/{}", subject.name));
        for entry in fs::read_dir(kept).into_iter().flatten() {
            let path = entry.expect("readable").path();
            subject.fuzz(&fs::read(path).expect("readable"));
        }
    }
}
