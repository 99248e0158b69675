//! What the settings of vendors do to every vendor's calls: an operation's own address, the second set of credentials, the proxy through which
//! calls leave, and what `GET /readyz` names.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use serde_json::json;
use toran_core::http::{Exchange, HttpRequest};
use toran_core::operations::{OPERATIONS, Operation, Request};
use toran_core::vendors::{Account, Call, CallKind, Reading, Settings, Step, VENDORS, accounts, settings, step};

/// What is wrong with these settings where no tenant has an account of its own.
fn faults(settings: Settings<'_>) -> Vec<std::borrow::Cow<'static, str>> {
    settings::faults(&[], settings)
}

const WIRE: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff01";

/// The settings of a sound gateway, with changes; a change to nothing takes a setting away.
fn with<'a>(changes: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
    move |name| match changes.iter().find(|(changed, _)| *changed == name) {
        Some((_, "")) => None,
        Some((_, value)) => Some((*value).to_owned()),
        None => sound(name),
    }
}

/// What a vendor cannot work without, and of the settings of which it needs one the first.
fn required() -> impl Iterator<Item = &'static str> {
    VENDORS.iter().flat_map(|vendor| vendor.settings().iter().chain(vendor.one_of().first())).copied()
}

fn sound(name: &str) -> Option<String> {
    let required = required().any(|required| required == name);
    match name {
        _ if !required => None,
        "WIBMO_AES_KEY" => Some("000102030405060708090a0b0c0d0e0f1011121314151617".into()),
        name if name.ends_with("_URL") => Some("https://vendor.example/base".into()),
        name => Some(format!("{name}-value")),
    }
}

/// A sound request of an operation, from the vendor's own scenarios.
fn request(operation: Operation) -> Request {
    let scenarios = VENDORS.iter().flat_map(|vendor| vendor.scenarios("SETTINGS"));
    let sound = scenarios.filter(|scenario| scenario.operation == operation).filter_map(|scenario| {
        let mut body = scenario.request.as_object()?.clone();
        // What the gateway would add by itself.
        body.extend(operation.row().address.map(|field| (field.to_owned(), json!("203.0.113.7"))));
        Request::parse(operation, &body).ok()
    });
    sound.into_iter().next().unwrap_or_else(|| panic!("{operation:?}"))
}

/// One of each, so that what is said here is said of all.
fn requests() -> impl Iterator<Item = Request> {
    OPERATIONS.iter().map(|row| request(row.operation))
}

/// The common account of the vendor that is asked first.
fn account(request: &Request) -> Account {
    Account::common(request.operation().row().vendor())
}

fn first_step(request: &Request, kind: CallKind, changes: &[(&str, &str)]) -> Step {
    step(&Call::new(kind, account(request), WIRE.into()), request, &[], &with(changes), 0)
}

fn called(request: &Request, kind: CallKind, changes: &[(&str, &str)]) -> HttpRequest {
    match first_step(request, kind, changes) {
        Step::Send(sent) => sent,
        Step::Read(reading) => panic!("{reading:?}"),
    }
}

fn sent(request: &Request, changes: &[(&str, &str)]) -> HttpRequest {
    called(request, CallKind::Post, changes)
}

fn not_sent(request: &Request, kind: CallKind, changes: &[(&str, &str)]) -> Reading {
    match first_step(request, kind, changes) {
        Step::Send(sent) => panic!("{}", sent.url),
        Step::Read(reading) => reading,
    }
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.expose().as_str())
}

fn refused(reading: &Reading) -> Option<&str> {
    match reading {
        Reading::Ended { refused_us, .. } | Reading::Unknown { refused_us, .. } => refused_us.as_deref(),
        _ => None,
    }
}

fn prefix(request: &Request) -> String {
    request.operation().row().name.to_uppercase().replace('.', "_")
}

fn vendor(request: &Request) -> String {
    request.operation().row().vendor().to_uppercase()
}

#[test]
fn every_operation_may_have_an_address_of_its_own() {
    for request in requests() {
        let (url, path) = (format!("{}_URL", prefix(&request)), format!("{}_PATH", prefix(&request)));
        let usual = sent(&request, &[]).url;
        let path_of = |url: &str| url.strip_prefix("https://vendor.example/base/").unwrap().to_owned();
        assert_eq!(sent(&request, &[(&url, "https://other.example/v9/")]).url, format!("https://other.example/v9/{}", path_of(&usual)));
        assert_eq!(sent(&request, &[(&path, "v9/elsewhere")]).url, "https://vendor.example/base/v9/elsewhere");
        assert_eq!(sent(&request, &[(&url, "https://other.example"), (&path, "/v9/elsewhere")]).url, "https://other.example/v9/elsewhere");
        assert_eq!(sent(&request, &[(&url, "  "), (&path, " ")]).url, usual, "blank is not there");
    }
}

#[test]
fn a_lookup_has_a_path_of_its_own_and_keeps_its_reference() {
    let of_money = request(Operation::MobileAccount);
    let changes = [
        ("MOBILE_ACCOUNT_URL", "https://other.example"),
        ("MOBILE_ACCOUNT_STATUS_PATH", "/v9/status"),
        ("MOBILE_ACCOUNT_PATH", "/v9/post"),
    ];
    let lookup = called(&of_money, CallKind::Status, &changes);
    assert_eq!(lookup.url, format!("https://other.example/v9/status?reference_id={WIRE}"));
    assert_eq!(sent(&of_money, &[("MOBILE_ACCOUNT_STATUS_PATH", "/v9/status")]).url, sent(&of_money, &[]).url);
}

#[test]
fn no_setting_leads_to_an_address_that_must_not_be_called() {
    for request in requests() {
        for name in [format!("{}_URL", prefix(&request)), format!("{}_EGRESS_URL", vendor(&request))] {
            for url in [
                "http://vendor.example",
                "vendor.example",
                "ftp://vendor.example",
                "https://",
                "https://vendor.example?a=b",
                "https://vendor.example#a",
            ] {
                let changes = [(name.as_str(), url)];
                let reading = not_sent(&request, CallKind::Post, &changes);
                assert_eq!(refused(&reading), Some(format!("setting_{name}").as_str()), "{url}");
                assert!(matches!(reading, Reading::Ended { .. }), "nothing was sent, and that is certain");
                assert_eq!(faults(&with(&changes)), [name.as_str()], "readyz names it");
            }
        }
    }
}

#[test]
fn the_second_set_counts_only_while_it_is_chosen() {
    let pan = request(Operation::PanVerify);
    let twins = [("DECENTRO_CLIENT_ID_NEXT", "next-id"), ("DECENTRO_CLIENT_SECRET_NEXT", "next-secret")];
    let chosen = |word| twins.into_iter().chain([("DECENTRO_CREDENTIALS", word)]).collect::<Vec<_>>();
    for word in ["current", " current ", " "] {
        let sent = sent(&pan, &chosen(word));
        assert_eq!(header(&sent, "client_id"), Some("DECENTRO_CLIENT_ID-value"), "{word}");
    }
    let next_set = sent(&pan, &chosen("next"));
    assert_eq!((header(&next_set, "client_id"), header(&next_set, "client_secret")), (Some("next-id"), Some("next-secret")));
    assert_eq!(header(&next_set, "module_secret"), Some("DECENTRO_KYC_MODULE_SECRET-value"), "what has no twin stays");
    assert_eq!(faults(&with(&chosen("next"))), Vec::<String>::new());
}

#[test]
fn every_required_setting_of_every_vendor_may_have_a_twin() {
    for vendor in VENDORS {
        let credentials = format!("{}_CREDENTIALS", vendor.name().to_uppercase());
        for name in vendor.settings() {
            let twin = format!("{name}_NEXT");
            let value = sound(name).unwrap();
            let moved = [(*name, ""), (twin.as_str(), value.as_str()), (credentials.as_str(), "next")];
            assert_eq!(faults(&with(&moved)), Vec::<String>::new(), "{twin} stands in");
            assert_eq!(faults(&with(&[(*name, ""), (&twin, &value)])), [*name], "and not before it is chosen");
        }
    }
}

#[test]
fn a_set_that_is_misspelt_or_not_there_is_named_and_never_guessed() {
    for request in requests() {
        let name = format!("{}_CREDENTIALS", vendor(&request));
        let changes = [(name.as_str(), "nxt")];
        let reading = not_sent(&request, CallKind::Post, &changes);
        assert_eq!(refused(&reading), Some(format!("setting_{name}").as_str()));
        assert_eq!(faults(&with(&changes)), [name.as_str()]);
        assert_eq!(faults(&with(&[(&name, "next")])), [name.as_str()], "no setting of it has a twin");
    }
}

#[test]
fn calls_leave_through_the_proxy_with_their_path_query_and_headers() {
    for request in requests() {
        let (url, key) = (format!("{}_EGRESS_URL", vendor(&request)), format!("{}_EGRESS_KEY", vendor(&request)));
        let (direct, proxied) =
            (sent(&request, &[]), sent(&request, &[(&url, "https://egress.example:8443/toran/"), (&key, "egress-key")]));
        assert_eq!(proxied.url, direct.url.replace("https://vendor.example/", "https://egress.example:8443/toran/"));
        assert_eq!(
            (header(&proxied, "x-toran-upstream"), header(&proxied, "x-toran-egress-key")),
            (Some("https://vendor.example"), Some("egress-key"))
        );
        let body = |sent: &HttpRequest| sent.body.as_ref().map(|body| body.expose().clone());
        assert_eq!(body(&proxied), body(&direct));
        for (name, value) in &direct.headers {
            assert_eq!(header(&proxied, name), Some(value.expose().as_str()));
        }
        for name in ["x-toran-upstream", "x-toran-egress-key"] {
            assert_eq!(header(&direct, name), None);
        }
        assert_eq!(header(&sent(&request, &[(&url, "https://egress.example")]), "x-toran-egress-key"), None, "the key is optional");
    }
    let of_money = request(Operation::MobileAccount);
    let lookup = called(&of_money, CallKind::Status, &[("DECENTRO_EGRESS_URL", "https://egress.example")]);
    assert!(
        lookup.url.starts_with("https://egress.example/base/") && lookup.url.ends_with(&format!("?reference_id={WIRE}")),
        "{}",
        lookup.url
    );
}

#[test]
fn a_proxy_does_not_excuse_a_vendors_open_address() {
    let pan = request(Operation::PanVerify);
    let changes = [("DECENTRO_EGRESS_URL", "https://egress.example"), ("DECENTRO_V2_URL", "http://vendor.example")];
    assert_eq!(refused(&not_sent(&pan, CallKind::Post, &changes)), Some("setting_DECENTRO_V2_URL"));
}

#[test]
fn for_a_lookup_a_bad_setting_says_nothing_about_the_money() {
    let of_money = request(Operation::MobileAccount);
    for (name, value) in
        [("DECENTRO_EGRESS_URL", "http://egress.example"), ("DECENTRO_CREDENTIALS", "nxt"), ("MOBILE_ACCOUNT_URL", "ftp://x")]
    {
        let reading = not_sent(&of_money, CallKind::Status, &[(name, value)]);
        assert!(matches!(reading, Reading::Unknown { .. }) && refused(&reading) == Some(&format!("setting_{name}")), "{name}");
    }
}

#[test]
fn what_is_missing_is_named_one_by_one() {
    assert_eq!(faults(&sound), Vec::<String>::new());
    let all: Vec<_> = required().collect();
    for name in &all {
        assert_eq!(faults(&with(&[(name, "")])), [*name]);
        assert_eq!(faults(&with(&[(name, "  ")])), [*name]);
        if name.ends_with("_URL") {
            assert_eq!(faults(&with(&[(name, "http://vendor.example")])), [*name]);
        }
    }
    let of_first_vendors: Vec<_> = all.into_iter().filter(|name| !is_optional(name)).collect();
    assert_eq!(faults(&|_: &str| None), of_first_vendors, "a second vendor is needed where it is in use");
    assert_eq!(
        settings::faults(&[&Account::common("cashfree")], &|name: &str| sound(name).filter(|_| !name.starts_with("CASHFREE_"))),
        ["CASHFREE_URL", "CASHFREE_CLIENT_ID", "CASHFREE_CLIENT_SECRET"]
    );
}

/// The settings of a sound gateway, and those that an account `acme` has of its own at a vendor.
fn with_own<'a>(own: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
    move |name| match name.strip_suffix("__ACME") {
        Some(plain) => own.iter().find(|(known, _)| *known == plain).map(|(_, value)| (*value).to_owned()),
        None => sound(name),
    }
}

/// What an account cannot be without: the vendor's credentials, but not its addresses.
fn credentials(vendor: &str) -> Vec<&'static str> {
    let vendor = VENDORS.iter().find(|known| known.name() == vendor).unwrap();
    vendor.settings().iter().chain(vendor.one_of().first()).copied().filter(|name| !name.ends_with("_URL")).collect()
}

#[test]
fn a_named_account_has_every_credential_of_its_own_and_none_of_the_common_ones() {
    for vendor in VENDORS {
        let account = Account::parse(&format!("{}/acme", vendor.name())).unwrap();
        let all: Vec<_> = credentials(vendor.name()).into_iter().map(|name| (name, "000102030405060708090a0b0c0d0e0f")).collect();
        assert_eq!(settings::faults(&[&account], &with_own(&all)), Vec::<String>::new(), "{account:?}");
        for name in credentials(vendor.name()) {
            let others: Vec<_> = all.iter().copied().filter(|(known, _)| *known != name).collect();
            assert_eq!(settings::faults(&[&account], &with_own(&others)), [format!("{name}__ACME")]);
        }
    }
    let pan = request(Operation::PanVerify);
    let call = Call::new(CallKind::Post, Account::parse("decentro/acme").unwrap(), WIRE.into());
    let own = [("DECENTRO_CLIENT_ID", "acme-id"), ("DECENTRO_CLIENT_SECRET", "acme-secret"), ("DECENTRO_KYC_MODULE_SECRET", "acme-kyc")];
    let Step::Send(sent) = step(&call, &pan, &[], &with_own(&own), 0) else { panic!("it has what this call needs") };
    let headers = ["client_id", "client_secret", "module_secret"].map(|name| header(&sent, name).unwrap());
    assert_eq!(headers, ["acme-id", "acme-secret", "acme-kyc"]);
    assert!(sent.url.starts_with("https://vendor.example/base/"), "the address is the common one");
    for (missing, _) in own {
        let others = own.into_iter().filter(|(name, _)| *name != missing).collect::<Vec<_>>();
        let Step::Read(reading) = step(&call, &pan, &[], &with_own(&others), 0) else {
            panic!("half of another account's credentials went out")
        };
        assert_eq!(refused(&reading), Some(format!("setting_{missing}").as_str()));
    }
}

#[test]
fn a_named_account_chooses_its_own_set_and_its_own_proxy() {
    let pan = request(Operation::PanVerify);
    let call = Call::new(CallKind::Post, Account::parse("decentro/acme").unwrap(), WIRE.into());
    let own = [
        ("DECENTRO_CLIENT_ID", "acme-id"),
        ("DECENTRO_CLIENT_SECRET", "acme-secret"),
        ("DECENTRO_CLIENT_SECRET_NEXT", "acme-next"),
        ("DECENTRO_KYC_MODULE_SECRET", "acme-kyc"),
    ];
    let sent = |more: &[(&str, &str)], common: &[(&str, &str)]| {
        let own = [&own, more].concat();
        let settings = |name: &str| {
            with_own(&own)(name).or_else(|| common.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
        };
        match step(&call, &pan, &[], &settings, 0) {
            Step::Send(sent) => sent,
            Step::Read(reading) => panic!("{reading:?}"),
        }
    };
    let secret = |sent: &HttpRequest| header(sent, "client_secret").unwrap().to_owned();
    assert_eq!(secret(&sent(&[], &[("DECENTRO_CREDENTIALS", "next"), ("DECENTRO_CLIENT_SECRET_NEXT", "common-next")])), "acme-secret");
    assert_eq!(secret(&sent(&[("DECENTRO_CREDENTIALS", "next")], &[])), "acme-next");
    let common = [("DECENTRO_EGRESS_URL", "https://egress.example"), ("DECENTRO_EGRESS_KEY", "common-key")];
    let key = |sent: &HttpRequest| header(sent, "x-toran-egress-key").map(str::to_owned);
    assert_eq!(key(&sent(&[], &common)), Some("common-key".into()));
    let through_its_own = sent(&[("DECENTRO_EGRESS_URL", "https://acme.example")], &common);
    assert!(through_its_own.url.starts_with("https://acme.example/"));
    assert_eq!(key(&through_its_own), None, "a proxy is not told the key of another");
}

#[test]
fn an_accounts_own_settings_are_checked_and_known_by_name() {
    let own = Account::parse("decentro/acme").unwrap();
    let whole: Vec<_> = credentials("decentro").into_iter().map(|name| (name, "own")).collect();
    let fault = |name, value| settings::faults(&[&own], &with_own(&[whole.as_slice(), &[(name, value)]].concat()));
    for name in ["DECENTRO_V2_URL", "PAN_VERIFY_URL", "DECENTRO_EGRESS_URL"] {
        assert_eq!(fault(name, "http://vendor.example"), [format!("{name}__ACME")]);
        assert_eq!(fault(name, "https://vendor.example"), Vec::<String>::new());
    }
    for word in ["nxt", "next"] {
        assert_eq!(fault("DECENTRO_CREDENTIALS", word), ["DECENTRO_CREDENTIALS__ACME"], "{word}");
    }
    let second = Account::parse("cashfree/acme").unwrap();
    let no_common = |name: &str| sound(name).filter(|_| !name.starts_with("CASHFREE_"));
    let own_set = ["CASHFREE_URL__ACME", "CASHFREE_CLIENT_ID__ACME", "CASHFREE_CLIENT_SECRET__ACME"];
    assert_eq!(settings::faults(&[&second], &no_common), own_set);
    let with_all = |name: &str| no_common(name).or_else(|| own_set.contains(&name).then(|| "https://vendor.example".to_owned()));
    assert_eq!(settings::faults(&[&second], &with_all), Vec::<String>::new(), "an account that is whole needs no common one");
    let names = settings::names(&[&own]);
    for name in ["DECENTRO_CLIENT_SECRET", "DECENTRO_CLIENT_SECRET_NEXT", "DECENTRO_EGRESS_URL", "DECENTRO_EGRESS_KEY", "PAN_VERIFY_URL"] {
        assert!(names.iter().any(|known| *known == format!("{name}__ACME")), "{name}");
    }
}

#[test]
fn the_vendor_that_is_asked_first_is_the_documents() {
    for row in OPERATIONS {
        let first = match row.operation {
            Operation::PrepaidCustomer => "wibmo",
            Operation::DmtCustomer => "iserveu",
            Operation::BankCollect => "setu",
            _ => "decentro",
        };
        assert_eq!(row.vendors.first(), Some(&first), "{}", row.name);
        assert_eq!(
            accounts(&request(row.operation), &[], &|_: &str| None),
            Vec::new(),
            "{}: an order that is not stored is the first vendor",
            row.name
        );
    }
}

/// A request like the first vendor's own, with a change.
fn changed(operation: Operation, pointer: &str, value: &str) -> Request {
    let mut body = request(operation).meaning();
    *body.pointer_mut(pointer).unwrap() = value.into();
    Request::parse(operation, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"))
}

#[test]
fn a_second_vendor_is_asked_where_it_is_in_use_and_offers_the_request() {
    let order = |request: &Request, own: &[&str], settings: Settings<'_>| {
        let own: Vec<_> = own.iter().map(|text| Account::parse(text).unwrap()).collect();
        accounts(request, &own, settings).iter().map(|account| json!(account).as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let pan = changed(Operation::PanVerify, "/document_type", "PAN");
    let alone = with(&[("CASHFREE_URL", ""), ("CASHFREE_CLIENT_ID", ""), ("CASHFREE_CLIENT_SECRET", " ")]);
    assert_eq!(order(&pan, &[], &sound), ["decentro", "cashfree"]);
    assert_eq!(order(&pan, &[], &alone), Vec::<String>::new(), "the first vendor alone needs no list");
    let collect = request(Operation::BankCollect);
    assert_eq!(order(&collect, &[], &sound), ["setu", "cashfree"]);
    assert_eq!(order(&collect, &[], &with(&[("SETU_CLIENT_ID", "")])), ["cashfree"], "an installation may go without its first vendor");
    assert_eq!(order(&collect, &[], &alone), Vec::<String>::new());
    let in_part = with(&[("CASHFREE_CLIENT_SECRET", "")]);
    assert_eq!(order(&pan, &[], &in_part), Vec::<String>::new(), "a vendor that lacks a setting is not asked");
    assert_eq!(faults(&in_part), ["CASHFREE_CLIENT_SECRET"], "and readyz says why");
    let twins = with(&[("CASHFREE_CLIENT_SECRET", ""), ("CASHFREE_CLIENT_SECRET_NEXT", "x"), ("CASHFREE_CREDENTIALS", "next")]);
    assert_eq!(order(&pan, &[], &twins), ["decentro", "cashfree"], "its second set counts once it is chosen");
    assert_eq!(order(&pan, &["cashfree/acme", "decentro"], &alone), ["cashfree/acme", "decentro"], "the tenant orders");
    assert_eq!(order(&pan, &["wibmo", "decentro/acme"], &sound), ["decentro/acme"]);
    assert_eq!(order(&pan, &["decentro"], &sound), Vec::<String>::new());
    let detailed = changed(Operation::PanVerify, "/document_type", "PAN_DETAILED");
    assert_eq!(order(&detailed, &[], &sound), Vec::<String>::new());
    assert_eq!(order(&detailed, &["cashfree"], &sound), Vec::<String>::new(), "who orders none that offers it asks the first");
    let bank = |kind, ifsc: &str| {
        let mut body = request(Operation::BankVerify).meaning();
        body["validation_type"] = json!(kind);
        body["beneficiary_details"]["ifsc"] = json!(ifsc);
        order(
            &Request::parse(Operation::BankVerify, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}")),
            &[],
            &sound,
        )
    };
    assert_eq!(bank("pennydrop", "SBIN0001077"), ["decentro", "cashfree"]);
    for (kind, ifsc) in
        [("penniless", "SBIN0001077"), ("hybrid", "SBIN0001077"), ("pennydrop", "DEUT0000PBC"), ("pennydrop", "PYTM0123456")]
    {
        assert_eq!(bank(kind, ifsc), Vec::<String>::new(), "{kind} {ifsc}");
    }
    assert_eq!(order(&request(Operation::DmtCustomer), &["cashfree", "decentro"], &sound), Vec::<String>::new());
}

#[test]
fn every_address_and_credential_is_known_by_name() {
    let names = settings::names(&[]);
    for name in [
        "DECENTRO_CLIENT_SECRET",
        "DECENTRO_CLIENT_SECRET_NEXT",
        "DECENTRO_EGRESS_URL",
        "WIBMO_EGRESS_KEY",
        "PAN_VERIFY_URL",
        "DMT_CUSTOMER_URL_NEXT",
    ] {
        assert!(names.iter().any(|known| known == name), "{name}");
    }
    assert_eq!(names.iter().collect::<std::collections::HashSet<_>>().len(), names.len(), "none twice");
}

/// Whether it is a setting of a vendor that an installation may go without.
fn is_optional(name: &str) -> bool {
    name.starts_with("CASHFREE_") || name.starts_with("SETU_")
}

/// The names on the left of `=` in a section of `wrangler.toml`.
fn section<'a>(toml: &'a str, title: &str) -> Vec<&'a str> {
    let rest = toml.split_once(&format!("\n{title}\n")).unwrap().1;
    let body = rest.split("\n[").next().unwrap();
    body.lines().filter(|line| !line.starts_with('#')).filter_map(|line| Some(line.split_once(" = ")?.0)).collect()
}

#[test]
fn development_production_and_the_example_know_every_setting_and_binding() {
    use toran_core::settings::{BINDINGS, OPTIONAL, REQUIRED};
    let (toml, example) = (include_str!("../../../wrangler.toml"), include_str!("../../../.dev.vars.example"));
    let of_vendors: Vec<_> = required().collect();
    let secrets = toml.split_once("\nrequired = [").unwrap().1.split(']').next().unwrap();
    let (development, production) = (section(toml, "[vars]"), section(toml, "[env.production.vars]"));
    for name in REQUIRED.iter().chain(&of_vendors) {
        assert!(development.contains(name), "development lacks {name}");
        assert!(example.contains(&format!("\n#{name}=")), "the example lacks {name}");
        let is_in_production = production.contains(name) || secrets.contains(&format!("\"{name}\""));
        // A second vendor is used where its settings are there.
        assert_eq!(is_in_production, !is_optional(name), "{name}");
    }
    for name in OPTIONAL.iter().filter(|name| **name != "ENVIRONMENT") {
        assert!(example.contains(&format!("\n#{name}=")), "the example lacks {name}");
    }
    for name in BINDINGS {
        let bound = toml.matches(&format!("\"{name}\"")).count();
        assert_eq!(bound, 2, "{name} is bound in development and in production");
    }
}

#[test]
fn what_came_of_the_one_request_is_read() {
    for request in requests() {
        let call = Call::new(CallKind::Post, account(&request), WIRE.into());
        let Step::Read(reading) = step(&call, &request, &[Exchange::NotSent], &sound, 0) else { panic!("one request is enough") };
        assert!(matches!(reading, Reading::Ended { .. }), "{reading:?}");
    }
}
