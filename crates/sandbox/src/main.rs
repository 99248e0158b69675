//! The vendor sandbox: the vendors on your own machine, behaving as their documents say and misbehaving on request.
//!
//! A native program on 127.0.0.1 only, at `TORAN_SANDBOX_PORT` (9400; 0 takes a free one); the requests that its page copies go to the
//! gateway at `TORAN_PORT` (8787). What the vendors do is `toran_core::vendors::*::sim`; here are the socket, the clock and the
//! books. It keeps nothing on disk, and must not be reachable from outside: it checks no caller. Contract section 4.

mod access;
mod callbacks;
mod calls;
mod differences;
mod faults;
mod ledger;
mod otp;
mod page;
mod payments;
mod receiver;
mod scenarios;
mod server;
mod wire;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::net::TcpListener;
use toran_core::time::Millis;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            let _ = writeln!(io::stderr(), "{message}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let port = port("TORAN_SANDBOX_PORT", 9400)?;
    let gateway = format!("http://127.0.0.1:{}", self::port("TORAN_PORT", 8787)?);
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(|error| format!("The sandbox cannot listen on 127.0.0.1:{port} ({error}). Set TORAN_SANDBOX_PORT to a free port."))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let _ = writeln!(io::stdout(), "Toran's vendor sandbox: http://{address}/");
    let app = server::router(server::Setting { own: format!("http://{address}"), gateway, clock: now });
    tokio::select! {
        () = wire::serve(listener, app) => Ok(()),
        () = stopped() => Ok(()),
    }
}

fn port(variable: &str, default: u16) -> Result<u16, String> {
    match std::env::var(variable) {
        Ok(text) if !text.is_empty() => text.parse().map_err(|_| format!("{variable} must be a port number from 0 to 65535.")),
        _ => Ok(default),
    }
}

/// Ends at Ctrl-C, and where there is one at SIGTERM.
async fn stopped() {
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut signal) => drop(signal.recv().await),
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

#[expect(clippy::disallowed_methods, reason = "the sandbox's one clock")]
fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}
