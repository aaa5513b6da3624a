#![no_main]

use khaacho_fuzz::Subject;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    Subject::named("fingerprint").expect("there is this subject").fuzz(data);
});
