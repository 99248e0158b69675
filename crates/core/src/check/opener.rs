//! To whom a check is open: to servers, and to the family of browser sessions that opened it; whether it is about the customer of that session; and how often it may be guessed at.

use serde::{Deserialize, Serialize};

use super::{Admission, Check, Output};
use crate::operations::subject::Named;
use crate::problem::MOST_GUESSES;
use crate::seal::Index;
use crate::session::Subject;
use crate::time::Millis;

/// Conflicts about one reference: each tells something of what stands behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Conflicts {
    own: u8,
    others: u8,
}

impl Conflicts {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    pub(super) fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Check {
    /// The same for who asks: a family of browser sessions, or a server. A session is told nothing of what its family did not open, whatever it asks; and of its own nothing more
    /// after so many conflicts, for what is right after them may have been guessed.
    #[must_use]
    pub fn admit_to(check: Option<&Self>, fingerprint: &str, session: Option<&str>, now: Millis) -> Admission {
        let admission = Self::admit(check, fingerprint, now);
        let Some(check) = check.filter(|_| admission != Admission::Claim) else { return admission };
        let is_own = check.is_open_to(session);
        let conflicts = if is_own { check.conflicts.own } else { check.conflicts.others };
        let is_told = is_own && (session.is_none() || conflicts < MOST_GUESSES) && admission != Admission::Conflict;
        match is_told {
            true => admission,
            false if conflicts >= MOST_GUESSES => Admission::Guessed,
            false => Admission::Conflict,
        }
    }

    /// Whether who asks may see it: a server, or a session of the family that opened it.
    #[must_use]
    pub fn is_open_to(&self, session: Option<&str>) -> bool {
        session.is_none() || self.opener.as_deref() == session
    }

    /// The same, whose request names the customer of its opener's session where it names anybody.
    #[must_use]
    pub fn about(self, subject: Option<&Subject>, named: &Named, index: &Index) -> Self {
        let is_of_subject = subject.is_some_and(|subject| named.asks_of(subject, index, &self.tenant) == Some(true));
        Self { is_of_subject, ..self }
    }

    /// Whether its request named the customer of its opener's session.
    #[must_use]
    pub const fn is_of_subject(&self) -> bool {
        self.is_of_subject
    }

    /// The same, opened by a family of browser sessions, or by a server.
    #[must_use]
    pub fn opened_by(self, session: Option<String>) -> Self {
        Self { opener: session, ..self }
    }

    /// Counts a conflict; what is not told of any more is not counted.
    pub(super) fn conflicted(&mut self, session: Option<&str>) -> Vec<Output> {
        let is_own = self.is_open_to(session);
        let conflicts = if is_own { &mut self.conflicts.own } else { &mut self.conflicts.others };
        if *conflicts >= MOST_GUESSES {
            return Vec::new();
        }
        *conflicts = conflicts.saturating_add(1);
        vec![Output::Persist]
    }
}
