//! What came of a request, and who reads it.

use toran_core::keys;
use toran_core::limits::Limit;
use toran_core::operations::{OPERATIONS, Operation};
use toran_core::problem::Problem;
use toran_core::reply::Reply;
use toran_core::vendors::callback;
use worker::Env;

use crate::guard;
use crate::incoming::Incoming;
use crate::routes::Outcome;

/// What came of a request, for the log.
pub(crate) struct Visited {
    pub(crate) pattern: &'static str,
    pub(crate) tenant: Option<&'static str>,
    pub(crate) outcome: Outcome,
    /// The methods that the path takes, where the request's was none of them.
    pub(crate) allow: Option<String>,
}

impl Visited {
    /// A request that never reached its route.
    pub(crate) const fn refused(pattern: &'static str, problem: Problem) -> Self {
        Self { pattern, tenant: None, outcome: Err(problem), allow: None }
    }

    /// The same, with its problem in the words of who reads it.
    pub(crate) fn of(self, reader: Reader) -> Self {
        let outcome = match reader {
            Reader::Anyone => self.outcome,
            Reader::Operation(operation) => self.outcome.map_err(|problem| operation.problem(problem)),
            Reader::Vendor(vendor) => self.outcome.or_else(|problem| Ok(acknowledged(vendor, &problem))),
        };
        Self { outcome, ..self }
    }

    /// Whether it was refused because too many others are under way.
    pub(crate) fn is_busy(&self) -> bool {
        self.outcome.as_ref().err().is_some_and(|problem| problem.key == keys::SOURCE_UNAVAILABLE)
    }

    /// Whether it was refused for the credentials that it brought.
    pub(crate) fn has_wrong_credentials(&self, request: &Incoming) -> bool {
        let is_unauthorized = self.outcome.as_ref().err().is_some_and(|problem| problem.key == keys::UNAUTHORIZED);
        is_unauthorized && (request.header("authorization").is_some() || guard::is_let_in(request))
    }

    /// The same, counted where its credentials were wrong: an address that has sent too many is told nothing else.
    pub(crate) async fn counted(self, request: &Incoming, env: &Env) -> Self {
        if !self.has_wrong_credentials(request) {
            return self;
        }
        match guard::limit(env, Limit::Failures, guard::network(request)).await {
            Ok(_) => self,
            Err(problem) => Self { outcome: Err(problem), ..self },
        }
    }

    /// A browser's question whether a page may send its request.
    pub(crate) const fn preflight() -> Self {
        Self { pattern: "", tenant: None, outcome: Ok(Reply::empty(204)), allow: None }
    }
}

/// A problem as a vendor reads it.
fn acknowledged(vendor: &str, problem: &Problem) -> Reply {
    let mut reply = Reply::json(problem.status(), &callback::acknowledgement(vendor, problem.status()));
    reply.key = Some(problem.key.clone().into_owned());
    match problem.retry_after {
        Some(seconds) => reply.header("retry-after", seconds.to_string()),
        None => reply,
    }
}

/// Who reads a problem, for in whose words it is told.
#[derive(Clone, Copy)]
pub(crate) enum Reader {
    /// Anyone.
    Anyone,
    /// The caller of an operation.
    Operation(Operation),
    /// A vendor: an error that it cannot read it would deliver again and again.
    Vendor(&'static str),
}

impl Reader {
    /// Of a request at a path, where it is an operation's.
    pub(crate) fn at(path: &str) -> Self {
        OPERATIONS.iter().find(|row| row.path == path).map_or(Self::Anyone, |row| Self::Operation(row.operation))
    }
}
