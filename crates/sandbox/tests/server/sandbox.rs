//! A sandbox of its own for one test, and two clients: one that understands HTTP, one that shows the bytes.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use toran_core::http::HttpRequest;
use ureq::Agent;
use ureq::http::Response;

const HEADERS: [(&str, &str); 2] = [("client_id", "development_client"), ("client_secret", "development_client_secret")];
const MODULE: (&str, &str) = ("module_secret", "development_kyc_module_secret");

pub(crate) struct Sandbox {
    child: Child,
    agent: Agent,
    pub(crate) url: String,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Sandbox {
    pub(crate) fn command(port: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_toran-sandbox"));
        command.env("TORAN_SANDBOX_PORT", port).env_remove("TORAN_PORT").stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn start() -> Self {
        let mut child = Self::command("0").spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.split_whitespace().last().unwrap().trim_end_matches('/').to_owned();
        let timeout = Some(Duration::from_secs(10));
        let agent = Agent::config_builder().http_status_as_error(false).max_redirects(0).timeout_global(timeout).build().into();
        Self { child, agent, url }
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.attempt(path, body).unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> (u16, Value) {
        self.attempt_get(path).unwrap()
    }

    /// `None` when the connection fails.
    pub(crate) fn attempt(&self, path: &str, body: &Value) -> Option<(u16, Value)> {
        let request =
            headers(path).fold(self.agent.post(format!("{}{path}", self.url)), |request, (name, value)| request.header(name, value));
        request.send_json(body).ok().map(read)
    }

    /// `None` when the connection fails.
    pub(crate) fn attempt_get(&self, path: &str) -> Option<(u16, Value)> {
        let request =
            headers(path).fold(self.agent.get(format!("{}{path}", self.url)), |request, (name, value)| request.header(name, value));
        request.call().ok().map(read)
    }

    /// Sends what the gateway would send. What comes back does not matter, nor whether anything does.
    /// What is answered, as JSON where it is that.
    pub(crate) fn send(&self, request: &HttpRequest) -> Value {
        let headers = request.headers.iter().map(|(name, value)| (*name, value.expose().as_str()));
        let sent = match &request.body {
            None => headers.fold(self.agent.get(&request.url), |sent, (name, value)| sent.header(name, value)).call(),
            Some(body) => headers.fold(self.agent.post(&request.url), |sent, (name, value)| sent.header(name, value)).send(body.expose()),
        };
        sent.ok().and_then(|mut answer| answer.body_mut().read_json().ok()).unwrap_or_default()
    }

    pub(crate) fn text(&self, path: &str) -> String {
        self.agent.get(format!("{}{path}", self.url)).call().unwrap().body_mut().read_to_string().unwrap()
    }

    pub(crate) fn fault(&self, order: &Value) {
        let (status, answer) = self.post("/_sandbox/faults", order);
        assert_eq!(status, 200, "{order}: {answer}");
    }

    pub(crate) fn calls(&self) -> Vec<Value> {
        self.get("/_sandbox/calls").1.as_array().unwrap().clone()
    }

    pub(crate) fn money(&self) -> Vec<Value> {
        self.get("/_sandbox/money").1.as_array().unwrap().clone()
    }

    /// Everything that comes until the other side ends the connection.
    pub(crate) fn raw(&self, path: &str, body: &Value) -> Result<Vec<u8>, ErrorKind> {
        let mut seen = Vec::new();
        let mut stream = self.sent(path, body);
        stream.read_to_end(&mut seen).map_err(|error| error.kind()).map(|_| seen)
    }

    /// What comes within a second.
    pub(crate) fn first_second(&self, path: &str, body: &Value) -> Vec<u8> {
        let mut stream = self.sent(path, body);
        stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        let (start, mut seen) = (Instant::now(), Vec::new());
        while start.elapsed() < Duration::from_secs(1) {
            let mut some = [0; 1024];
            let count = stream.read(&mut some).unwrap_or(0);
            seen.extend_from_slice(&some[..count]);
        }
        seen
    }

    fn sent(&self, path: &str, body: &Value) -> TcpStream {
        let host = self.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let body = body.to_string();
        let headers = headers(path).map(|(name, value)| format!("{name}: {value}\r\n")).collect::<Vec<_>>().concat();
        let length = body.len();
        write!(stream, "POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}")
            .unwrap();
        stream
    }
}

fn headers(path: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    HEADERS.into_iter().chain(path.contains("/kyc/").then_some(MODULE))
}

fn read(mut response: Response<ureq::Body>) -> (u16, Value) {
    let status = response.status().as_u16();
    let bytes = response.body_mut().read_to_vec().unwrap_or_default();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

pub(crate) fn account_body(reference: &str, number: &str) -> Value {
    json!({ "reference_id": reference, "consumer_urn": "DEVELOPMENT_CONSUMER_URN", "mobile_number": number })
}

pub(crate) fn pan_body(reference: &str, number: &str) -> Value {
    json!({ "reference_id": reference, "document_type": "PAN", "id_number": number, "consent": "Y", "purpose": "onboarding" })
}
