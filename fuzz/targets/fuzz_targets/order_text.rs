#![no_main]

use khaacho_fuzz::Subject;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    Subject::named("order_text").expect("there is this subject").fuzz(data);
});
