//! Any bytes, under any HTTP status, as the answer to any call: nothing panics, and nothing is verified without the marks that the contract suite knows.
//! The first byte chooses the answer that is replaced, the next two the HTTP status, the rest is what is said.
#![no_main]

#[path = "../../crates/core/tests/contract/answers.rs"]
#[allow(dead_code, reason = "the suite asks more of it")]
mod answers;
#[path = "../../crates/core/tests/contract/marks.rs"]
mod marks;
#[path = "../../crates/core/tests/contract/simulated.rs"]
mod simulated;
#[path = "../../crates/core/tests/contract/tree.rs"]
#[allow(dead_code, reason = "the suite asks more of it")]
mod tree;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u16, &[u8])| {
    let (choice, status, text) = input;
    let all = answers::answers();
    let answer = &all[usize::from(choice) % all.len()];
    // Half of them come as they should.
    let status = if status % 2 == 0 { 200 } else { status };
    let reading = answer.read(status, text);
    assert!(!answers::is_verified(&reading) || marks::are_there(&answer.request, &answer.call, status, text));
    if answers::is_new(answer, &reading) {
        drop(answers::run(&answer.request, |_| reading.clone()));
    }
});
