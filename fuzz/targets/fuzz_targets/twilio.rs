#![no_main]

use khaacho_fuzz::Subject;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    Subject::named("twilio").expect("there is this subject").fuzz(data);
});
