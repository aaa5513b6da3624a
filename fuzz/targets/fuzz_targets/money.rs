#![no_main]

use khaacho_fuzz::Subject;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    Subject::named("money").expect("there is this subject").fuzz(data);
});
