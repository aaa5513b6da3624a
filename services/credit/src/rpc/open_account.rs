use std::ops::RangeInclusive;

use khaacho_durable::run;
use khaacho_fault::Fault;
use khaacho_ids::AccountId;
use khaacho_phone::Phone;
use khaacho_proto::credit::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::fields::{self, Fields};
use super::{Rpc, render};
use crate::domain::open_account::OpenAccount;
use crate::domain::{AMOUNT_MAX, TERMS_DAYS_DEFAULT, TERMS_DAYS_MAX};

const PHONES: RangeInclusive<usize> = 1..=5;
/// No municipality of Nepal has more than 35 wards.
const WARD_MAX: u32 = 99;

pub(super) async fn open_account(
    rpc: &Rpc,
    request: Request<pb::OpenAccountRequest>,
) -> Answer<pb::OpenAccountResponse> {
    let (ctx, body) = open(request)?;
    let ctx = ctx.requested(&body.request_id)?;
    let command = parse(body)?;
    let account = run(&rpc.door, &ctx, command).await?.reply;
    // its phones and its code may have been looked up in vain before
    rpc.parties.forget(&account.profile).await;
    Ok(Response::new(pb::OpenAccountResponse {
        account: Some(render::account(account)),
    }))
}

fn parse(body: pb::OpenAccountRequest) -> Result<OpenAccount, Fault> {
    let mut fields = Fields::default();
    let terms_days = if body.default_terms {
        TERMS_DAYS_DEFAULT
    } else {
        body.terms_days
    };
    fields.number("terms_days", terms_days, 0..=TERMS_DAYS_MAX);
    fields.number("ward", body.ward, 0..=WARD_MAX);
    fields.number("latitude", body.latitude, -90.0..=90.0);
    fields.number("longitude", body.longitude, -180.0..=180.0);
    let command = OpenAccount {
        account_id: AccountId::generate(),
        code: code(&mut fields, &body.code),
        shop_name: fields.text("shop_name", &body.shop_name, 1..=120),
        owner_name: fields.text("owner_name", &body.owner_name, 0..=120),
        phones: phones(&mut fields, &body.phones),
        language: fields.language("language", body.language),
        municipality: fields.text("municipality", &body.municipality, 0..=80),
        ward: body.ward,
        latitude: body.latitude,
        longitude: body.longitude,
        limit: fields.paisa("limit_paisa", body.limit_paisa, 0..=AMOUNT_MAX.paisa()),
        terms_days,
        shared_phone: body.shared_phone,
    };
    fields.finish()?;
    Ok(command)
}

fn code(fields: &mut Fields, text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let code = fields::code(text);
    if code.is_none() {
        fields.wrong("code", "must have 1 to 32 of the characters A-Z, 0-9 and -");
    }
    code
}

fn phones(fields: &mut Fields, texts: &[String]) -> Vec<Phone> {
    if !PHONES.contains(&texts.len()) {
        fields.wrong(
            "phones",
            format!("must be {} to {} phones", PHONES.start(), PHONES.end()),
        );
        return Vec::new();
    }
    let mut phones: Vec<Phone> = Vec::with_capacity(texts.len());
    for (n, text) in texts.iter().enumerate() {
        match Phone::parse(text) {
            Ok(phone) if phones.contains(&phone) => {
                fields.wrong(&format!("phones[{n}]"), "is there twice");
            }
            Ok(phone) => phones.push(phone),
            Err(error) => fields.wrong(&format!("phones[{n}]"), error.to_string()),
        }
    }
    phones
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> pb::OpenAccountRequest {
        pb::OpenAccountRequest {
            request_id: "1".to_owned(),
            shop_name: "Khadka Kirana Pasal".to_owned(),
            phones: vec!["9841234567".to_owned()],
            ..pb::OpenAccountRequest::default()
        }
    }

    fn violations(request: pb::OpenAccountRequest) -> Vec<String> {
        let fault = parse(request).expect_err("a mistake");
        fault
            .violations()
            .iter()
            .map(|violation| violation.field.clone())
            .collect()
    }

    #[test]
    fn phones_are_read_as_people_write_them() {
        let command = parse(request()).expect("fine");
        assert_eq!(command.phones[0].as_str(), "+9779841234567");
        assert_eq!((command.terms_days, command.code), (0, None));
    }

    #[test]
    fn default_terms_are_thirty_days() {
        let command = parse(pb::OpenAccountRequest {
            default_terms: true,
            ..request()
        })
        .expect("fine");
        assert_eq!(command.terms_days, 30);
    }

    #[test]
    fn every_mistake_is_named() {
        let wrong = pb::OpenAccountRequest {
            code: "R 1".to_owned(),
            shop_name: String::new(),
            phones: vec![
                "9841234567".to_owned(),
                "+977 984-1234567".to_owned(),
                "12".to_owned(),
            ],
            language: 99,
            latitude: f64::NAN,
            limit_paisa: -1,
            terms_days: 181,
            ..request()
        };
        let expected = [
            "terms_days",
            "latitude",
            "code",
            "shop_name",
            "phones[1]",
            "phones[2]",
            "language",
            "limit_paisa",
        ];
        assert_eq!(violations(wrong), expected);
        assert_eq!(
            violations(pb::OpenAccountRequest {
                phones: Vec::new(),
                ..request()
            }),
            ["phones"]
        );
    }
}
