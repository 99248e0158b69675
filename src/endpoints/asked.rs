//! What the register of endpoints is asked by the Worker. A request that changes something is carried out once under its idempotency key, and told the same again.

use std::rc::Rc;

use serde_json::{Value, json};
use toran_core::endpoint::{EndpointAsk, EndpointTold, MOST, Patch, Progress, Refusal, Replay, Wanted, signature::SigningSecret};
use toran_core::journal::Line;
use toran_core::time::{Millis, rfc3339};
use worker::Result;

use super::store::{Remembered, Store};
use super::{Kept, Register, delivery};
use crate::register::statements::Statements;
use crate::settings::Settings;
use crate::{journal, platform};

/// What came of a request: the response, or why there is none.
type Done = std::result::Result<(u16, Value), Refusal>;

impl Register {
    pub(super) async fn answered(register: &Rc<Self>, question: EndpointAsk) -> Result<EndpointTold> {
        register.load()?;
        // One that was lost is set again.
        let told = match question {
            EndpointAsk::News => {
                Self::news(register);
                reply(200, json!({}), false)
            }
            EndpointAsk::List => reply(200, register.list(), false),
            EndpointAsk::Get(id) => told(register.get(&id)),
            EndpointAsk::Delete(id) => told(register.delete(&id)?),
            EndpointAsk::Deliveries { id, before, limit } => register.attempts(&id, before, limit)?,
            asked @ (EndpointAsk::Create { .. } | EndpointAsk::Change { .. } | EndpointAsk::Ping { .. } | EndpointAsk::Replay { .. }) => {
                Self::once(register, asked).await?
            }
        };
        register.rearm()?;
        Ok(told)
    }

    /// Carries out a request that changes something, once under its key.
    async fn once(register: &Rc<Self>, asked: EndpointAsk) -> Result<EndpointTold> {
        let key = match &asked {
            EndpointAsk::Create { key, .. }
            | EndpointAsk::Change { key, .. }
            | EndpointAsk::Ping { key, .. }
            | EndpointAsk::Replay { key, .. } => key.clone(),
            _ => None,
        };
        let Some(key) = key else { return Self::carried_out(register, asked, None).await };
        let index = Settings::of(&register.env).index().map_err(|bad| worker::Error::from(bad.0))?;
        let (key, meaning) = (index.hash("endpoint_key", &[&key]), index.hash("endpoint_meaning", &[&toran_core::endpoint::ask(&asked)]));
        // Without a tenant nothing was ever made here.
        let is_made = !register.tenant.borrow().is_empty();
        let known = if is_made { register.store.remembered(register.ring_of_keys()?, &key, platform::now())? } else { None };
        if let Some(Remembered { meaning: known, status, body }) = known {
            return Ok(if known == meaning { reply(status, body, true) } else { EndpointTold::Refused(Refusal::OtherMeaning) });
        }
        if !register.keys.borrow_mut().insert(key.clone()) {
            return Ok(EndpointTold::Refused(Refusal::UnderWay));
        }
        let done = Self::carried_out(register, asked, Some((&key, &meaning))).await;
        register.keys.borrow_mut().remove(&key);
        done
    }

    async fn carried_out(register: &Rc<Self>, asked: EndpointAsk, key: Option<(&str, &str)>) -> Result<EndpointTold> {
        let mut statements = Statements::default();
        let done = match asked {
            EndpointAsk::Create { tenant, wanted, .. } => register.create(&mut statements, tenant, wanted)?,
            EndpointAsk::Change { id, patch, .. } => register.change(&mut statements, &id, &patch)?,
            EndpointAsk::Ping { id, .. } => register.ping(&mut statements, &id).await?,
            EndpointAsk::Replay { id, replay, .. } => register.replay(&mut statements, &id, replay).await?,
            _ => return Err("no request that changes something".into()),
        };
        let (status, body) = match done {
            Ok(done) => done,
            Err(refusal) => return Ok(EndpointTold::Refused(refusal)),
        };
        if let Some((key, meaning)) = key {
            let told = Remembered { meaning: meaning.to_owned(), status, body: body.clone() };
            Store::remember(&mut statements, register.ring_of_keys()?, key, &told, platform::now())?;
        }
        if let Err(error) = register.store.database.run(statements) {
            // What is in memory was not saved: storage knows.
            register.is_loaded.set(false);
            register.kept.borrow_mut().clear();
            register.tenant.borrow_mut().clear();
            return Err(error);
        }
        Self::pump(register);
        Ok(reply(status, body, false))
    }

    fn list(&self) -> Value {
        let now = platform::now();
        let kept = self.kept.borrow();
        let mut views: Vec<(Millis, Value)> =
            kept.iter().map(|(id, Kept { config, progress })| (progress.made_at, config.view(id, progress, now))).collect();
        views.sort_by_key(|(made_at, _)| *made_at);
        json!({ "endpoints": views.into_iter().map(|(_, view)| view).collect::<Vec<_>>() })
    }

    fn get(&self, id: &str) -> Done {
        let kept = self.kept.borrow();
        let Kept { config, progress } = kept.get(id).ok_or(Refusal::NoEndpoint)?;
        Ok((200, config.view(id, progress, platform::now())))
    }

    fn create(&self, statements: &mut Statements, tenant: String, wanted: Wanted) -> Result<Done> {
        if self.kept.borrow().len() >= MOST {
            return Ok(Err(Refusal::TooMany));
        }
        if self.tenant.borrow().is_empty() {
            *statements = Store::make(&tenant)?;
            self.tenant.replace(tenant);
        }
        let now = platform::now();
        let id = format!("ep_{:032x}", u128::from_be_bytes(platform::random().ok_or("no randomness")?));
        let kept = Kept { config: wanted.config(fresh_secret()?), progress: Progress::new(now) };
        Store::write(statements, self.ring_of_keys()?, &id, &kept)?;
        let view = kept.config.view_with_secret(&id, &kept.progress, now);
        self.kept.borrow_mut().insert(id, kept);
        Ok(Ok((201, view)))
    }

    fn change(&self, statements: &mut Statements, id: &str, patch: &Patch) -> Result<Done> {
        let mut all = self.kept.borrow_mut();
        let Some(kept) = all.get_mut(id) else { return Ok(Err(Refusal::NoEndpoint)) };
        let now = platform::now();
        let fresh = if patch.rotates() { Some(fresh_secret()?) } else { None };
        kept.config.change(patch, fresh, now);
        if let Some(is_enabled) = patch.is_enabled {
            kept.progress.set_enabled(is_enabled, now);
        }
        Store::write(statements, self.ring_of_keys()?, id, kept)?;
        let Kept { config, progress } = kept;
        let view = if patch.rotates() { config.view_with_secret(id, progress, now) } else { config.view(id, progress, now) };
        Ok(Ok((200, view)))
    }

    fn delete(&self, id: &str) -> Result<Done> {
        if !self.kept.borrow().contains_key(id) {
            return Ok(Err(Refusal::NoEndpoint));
        }
        let mut statements = Statements::default();
        Store::delete(&mut statements, id)?;
        self.store.database.run(statements)?;
        self.kept.borrow_mut().remove(id);
        Ok(Ok((200, json!({ "id": id, "deleted": true }))))
    }

    /// Sends a test event now. Where it is taken, nothing that waits for the endpoint waits any longer.
    async fn ping(&self, statements: &mut Statements, id: &str) -> Result<Done> {
        let Some(config) = self.kept.borrow().get(id).map(|kept| kept.config.clone()) else { return Ok(Err(Refusal::NoEndpoint)) };
        let event_id = format!("evt_{:032x}_0", u128::from_be_bytes(platform::random().ok_or("no randomness")?));
        let timestamp = rfc3339(platform::now());
        let event = json!({ "id": event_id, "type": "endpoint.ping", "timestamp": timestamp, "data": { "endpoint": id } });
        let tried = delivery::send(&config, &event).await;
        let attempt = tried.attempt(&event, 1);
        let mut all = self.kept.borrow_mut();
        let Some(kept) = all.get_mut(id) else { return Ok(Err(Refusal::NoEndpoint)) };
        if tried.heard.is_delivered() {
            kept.progress.hurry(platform::now());
        }
        Store::write_attempt(statements, id, kept.progress.place_of_ping(), &attempt)?;
        Store::write_progress(statements, id, &kept.progress)?;
        Ok(Ok((200, attempt.told())))
    }

    async fn replay(&self, statements: &mut Statements, id: &str, replay: Replay) -> Result<Done> {
        let found = match &replay {
            Replay::Event(event) if self.kept.borrow().contains_key(id) => match self.found(event).await? {
                Some(at) => Some(at),
                None => return Ok(Err(Refusal::NoEvent)),
            },
            Replay::Event(_) | Replay::Since(_) => None,
        };
        let mut all = self.kept.borrow_mut();
        let Some(kept) = all.get_mut(id) else { return Ok(Err(Refusal::NoEndpoint)) };
        let now = platform::now();
        let body = match (replay, found) {
            (Replay::Event(event), Some(at)) => {
                kept.progress.replay(at, event.clone(), now);
                json!({ "id": id, "event": event })
            }
            (Replay::Since(since), _) => {
                kept.progress.replay_since(since, now);
                json!({ "id": id, "since": rfc3339(since) })
            }
            (Replay::Event(_), None) => return Ok(Err(Refusal::NoEvent)),
        };
        Store::write_progress(statements, id, &kept.progress)?;
        Ok(Ok((202, body)))
    }

    /// Where an event stands in the tenant's journals.
    async fn found(&self, event: &str) -> Result<Option<toran_core::journal::Cursor>> {
        if let Some(at) = self.store.place_of(event)? {
            return Ok(Some(at));
        }
        let Some((check, number)) = Line::names(event) else { return Ok(None) };
        let tenant = self.tenant.borrow().clone();
        Ok(journal::find(&self.env, &tenant, check, number).await?.map(|(at, _)| at))
    }

    fn attempts(&self, id: &str, before: Option<u64>, limit: usize) -> Result<EndpointTold> {
        if !self.kept.borrow().contains_key(id) {
            return Ok(EndpointTold::Refused(Refusal::NoEndpoint));
        }
        let found = self.store.attempts(id, before, limit)?;
        let next = found.last().filter(|_| found.len() == limit).map(|(number, _)| *number);
        Ok(EndpointTold::Attempts { lines: found.iter().map(|(number, attempt)| attempt.to_json(*number)).collect(), next })
    }
}

fn fresh_secret() -> Result<SigningSecret> {
    Ok(SigningSecret::new(platform::random().ok_or("no randomness")?))
}

const fn reply(status: u16, body: Value, is_replayed: bool) -> EndpointTold {
    EndpointTold::Reply { status, body, is_replayed }
}

fn told(done: Done) -> EndpointTold {
    match done {
        Ok((status, body)) => reply(status, body, false),
        Err(refusal) => EndpointTold::Refused(refusal),
    }
}
