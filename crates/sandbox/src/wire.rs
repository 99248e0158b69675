//! The socket: HTTP/1.1 connections that a handler may cut.
//!
//! A response that carries a [`Cut`] is never sent: the connection is closed, or reset, in its place, so that the caller sees on the
//! wire what a dying vendor looks like. Everything else is plain axum.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};

/// The pause after a connection could not be accepted.
const RETRY: Duration = Duration::from_millis(50);

/// How a connection ends in place of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Closed in good order (FIN).
    Close,
    /// Reset (RST).
    Reset,
}

impl fmt::Display for Cut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection is cut")
    }
}

impl Error for Cut {}

/// Serves until the listener fails for good, which it does not.
pub(crate) async fn serve(listener: TcpListener, app: Router) {
    loop {
        // Accepting fails when descriptors run out; the next attempt may find some again.
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(connection(stream, app.clone()))),
            Err(_) => tokio::time::sleep(RETRY).await,
        }
    }
}

async fn connection(stream: TcpStream, app: Router) {
    let _ = stream.set_nodelay(true);
    let app = TowerToHyperService::new(app);
    let service = service_fn(move |request| answer(app.clone(), request));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let Err(error) = poll_fn(|context| Future::poll(Pin::new(&mut connection), context)).await else { return };
    // Dropping the stream closes it; with no linger that is a reset.
    let stream = connection.into_parts().io.into_inner();
    if error.source().and_then(|source| source.downcast_ref()) == Some(&Cut::Reset) {
        let _ = stream.set_zero_linger();
    }
}

async fn answer(app: TowerToHyperService<Router>, request: hyper::Request<Incoming>) -> Result<Response, Cut> {
    let response = app.call(request).await.unwrap_or_else(|never: Infallible| match never {});
    match response.extensions().get() {
        Some(cut) => Err(*cut),
        None => Ok(response),
    }
}
