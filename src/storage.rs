//! Where things rest, and under which names (docs/STORAGE.md): the KV copy of finished answers.
//!
//! Names are keyed hashes, values are sealed. KV is a copy with the check's own expiry: a miss or a failure costs a hop to the register,
//! never an answer.

use serde::{Deserialize, Serialize};
use toran_core::operations::Answer;
use toran_core::place::CheckAddress;
use toran_core::problem::Problem;
use toran_core::seal::Ring;
use toran_core::time::{Millis, SECOND};
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

/// The copy in KV.
#[derive(Serialize, Deserialize)]
struct Copy {
    fingerprint: String,
    answer: Answer,
    expires_at: Millis,
}

/// The finished answer of this meaning, where the copy has it.
pub(crate) async fn finished(env: &Env, address: &CheckAddress, fingerprint: &str) -> Result<Option<Answer>, Problem> {
    let ring = Settings::of(env).ring()?;
    let Ok(kv) = env.kv(BINDING) else { return Ok(None) };
    let name = name(address);
    let Ok(Some(sealed)) = kv.get(&name).text().await else { return Ok(None) };
    let copy = open::<Copy>(ring, &name, &sealed);
    Ok(copy.filter(|copy| copy.fingerprint == fingerprint && copy.expires_at > platform::now()).map(|copy| copy.answer))
}

/// Copies a finished answer. Failing is harmless: the register answers.
pub(crate) async fn publish(
    env: &Env,
    address: &CheckAddress,
    fingerprint: &str,
    answer: &Answer,
    expires_at: Millis,
) -> worker::Result<()> {
    if expires_at.saturating_sub(platform::now()) < KV_MIN_LIFE {
        return Ok(());
    }
    let ring = Settings::of(env).ring().map_err(|bad| worker::Error::from(bad.0))?;
    let copy = Copy { fingerprint: fingerprint.to_owned(), answer: answer.clone(), expires_at };
    let name = name(address);
    let sealed = seal(ring, &name, &copy)?;
    let expiration = u64::try_from(expires_at.div_euclid(SECOND)).unwrap_or(0);
    env.kv(BINDING)?.put(&name, sealed)?.expiration(expiration).execute().await?;
    Ok(())
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
