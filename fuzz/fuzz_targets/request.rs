//! Any bytes as the body of any operation's request: nothing panics, a refusal is a 400 under a key of the catalogue, and what is accepted means the same when
//! it is read again. The first byte chooses the operation.
#![no_main]

use libfuzzer_sys::fuzz_target;
use toran_core::operations::{OPERATIONS, Request, is_field};
use toran_core::{json, keys};

fuzz_target!(|input: (u8, &[u8])| {
    let (choice, body) = input;
    let row = &OPERATIONS[usize::from(choice) % OPERATIONS.len()];
    let Ok(map) = json::object(body) else { return };
    match Request::parse(row.operation, &map) {
        Ok(request) => {
            let meaning = request.meaning();
            let again = Request::parse(row.operation, meaning.as_object().expect("a meaning is an object")).ok().expect("a meaning is a request");
            assert_eq!(again.meaning().to_string(), meaning.to_string());
        }
        Err(problem) => {
            assert_eq!(problem.status(), 400);
            assert!(keys::entry_json(&problem.key, &is_field).is_some(), "{}", problem.key);
            assert!(problem.errors.iter().all(|fault| keys::entry_json(&fault.key, &is_field).is_some() && !fault.message.is_empty()));
        }
    }
});
