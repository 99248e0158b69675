//! Where things rest, and under which names (docs/STORAGE.md): the KV copy of finished answers.
//!
//! Names are keyed hashes, values are sealed. KV is a copy with the check's own expiry: a miss or a failure costs a hop to the register,
//! never an answer.

use js_sys::{Object, Promise, Reflect};
use serde::{Deserialize, Serialize};
use toran_core::keys;
use toran_core::operations::Answer;
use toran_core::place::CheckAddress;
use toran_core::problem::Problem;
use toran_core::readiness::{Known, Registers};
use toran_core::seal::Ring;
use toran_core::time::{Millis, SECOND};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use worker::Env;

use crate::platform;
use crate::settings::Settings;

const BINDING: &str = "CHECKS";
/// KV refuses an expiry that is nearer than this.
const KV_MIN_LIFE: Millis = 60 * SECOND;

/// The name of a check's copy in KV.
fn name(address: &CheckAddress) -> String {
    format!("answer/{}", address.copy)
}

/// The name of what is kept of the registers.
const REGISTERS: &str = "registers";

/// Keeps what is known of the registers.
pub(crate) async fn note_registers(env: &Env, registers: &Registers) -> Result<(), Problem> {
    let sealed = seal(Settings::of(env).ring()?, REGISTERS, registers);
    let written = match (sealed, namespace(env)) {
        (Ok(sealed), Some(kv)) => kv.put(REGISTERS, &sealed, &Object::new()).map(JsFuture::from),
        _ => return Err(Problem::new(keys::INTERNAL)),
    };
    match written {
        Ok(written) => written.await.map(drop).map_err(|_| Problem::new(keys::INTERNAL)),
        Err(_) => Err(Problem::new(keys::INTERNAL)),
    }
}

/// What is known of the registers.
pub(crate) async fn registers(env: &Env) -> Known {
    let (Some(sealed), Ok(ring)) = (read(env, REGISTERS).await, Settings::of(env).ring()) else { return Known::Nothing };
    open(ring, REGISTERS, &sealed).map_or(Known::Unreadable, Known::Made)
}

/// The copy in KV, as it is written.
#[derive(Serialize)]
struct Copied<'a> {
    fingerprint: &'a str,
    answer: &'a Answer,
    expires_at: Millis,
}

/// The same, as it is read.
#[derive(Deserialize)]
struct Copy {
    fingerprint: String,
    answer: Answer,
    expires_at: Millis,
}

/// The finished answer of this meaning, where the copy has it.
pub(crate) async fn finished(env: &Env, address: &CheckAddress, fingerprint: &str) -> Result<Option<Answer>, Problem> {
    let ring = Settings::of(env).ring()?;
    let name = name(address);
    let Some(sealed) = read(env, &name).await else { return Ok(None) };
    let copy = open::<Copy>(ring, &name, &sealed);
    Ok(copy.filter(|copy| copy.fingerprint == fingerprint && copy.expires_at > platform::now()).map(|copy| copy.answer))
}

/// Copies a finished answer; `None` for one that is forgotten too soon. Failing is harmless: the register answers. The promise holds nothing of the answer, which may be large.
pub(crate) fn publish(
    env: &Env,
    address: &CheckAddress,
    fingerprint: &str,
    answer: &Answer,
    expires_at: Millis,
) -> worker::Result<Option<Promise>> {
    #[cfg(not(feature = "failpoints"))]
    let kept_until = expires_at;
    #[cfg(feature = "failpoints")]
    let kept_until = crate::failpoints::kept_until(&answer.reference_id, expires_at, platform::now().saturating_add(2 * KV_MIN_LIFE));
    if kept_until.saturating_sub(platform::now()) < KV_MIN_LIFE {
        return Ok(None);
    }
    let ring = Settings::of(env).ring().map_err(|bad| worker::Error::from(bad.0))?;
    let copy = Copied { fingerprint, answer, expires_at };
    let name = name(address);
    let sealed = seal(ring, &name, &copy)?;
    let options = Object::new();
    Reflect::set(&options, &"expiration".into(), &platform::number(kept_until.div_euclid(SECOND)).into())?;
    Ok(Some(namespace(env).ok_or("no KV")?.put(&name, &sealed, &options)?))
}

/// Deletes the copy of an answer that does not stand. Until every place of the network has heard of it, a minute at most, it may still be replayed.
pub(crate) fn withdraw(env: &Env, address: &CheckAddress) -> worker::Result<Promise> {
    Ok(namespace(env).ok_or("no KV")?.delete(&name(address))?)
}

#[wasm_bindgen]
extern "C" {
    /// A KV namespace, as the platform has it: worker's own client reads and writes its options value by value.
    pub(crate) type Namespace;
    #[wasm_bindgen(method, catch)]
    fn get(this: &Namespace, name: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn put(this: &Namespace, name: &str, value: &str, options: &Object) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn delete(this: &Namespace, name: &str) -> Result<Promise, JsValue>;
}

/// The KV namespace, where it is bound.
fn namespace(env: &Env) -> Option<Namespace> {
    let namespace = Reflect::get(env, &BINDING.into()).ok()?;
    namespace.is_object().then(|| namespace.unchecked_into())
}

/// A value; `None` also where KV fails.
async fn read(env: &Env, name: &str) -> Option<String> {
    JsFuture::from(namespace(env)?.get(name).ok()?).await.ok()?.as_string()
}

/// Seals a value for a place.
pub(crate) fn seal<T: Serialize>(ring: &Ring, place: &str, value: &T) -> worker::Result<String> {
    seal_bytes(ring, place, &serde_json::to_vec(value)?)
}

/// Seals bytes for a place.
pub(crate) fn seal_bytes(ring: &Ring, place: &str, plain: &[u8]) -> worker::Result<String> {
    let nonce = platform::random().ok_or("no randomness")?;
    ring.seal(place, plain, nonce).ok_or_else(|| "not sealed".into())
}

/// Opens what was sealed for a place.
pub(crate) fn open<T: for<'de> Deserialize<'de>>(ring: &Ring, place: &str, sealed: &str) -> Option<T> {
    serde_json::from_slice(ring.open(place, sealed)?.expose()).ok()
}
