use khaacho_durable::gather;
use khaacho_fault::Fault;
use khaacho_phone::Phone;
use khaacho_proto::common::v1 as common;
use khaacho_proto::notification::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, provider};
use crate::config::Config;
use crate::domain::Recipient;
use crate::domain::enqueue::{Enqueue, Notice};
use crate::domain::template::{DATA_BYTES_MAX, Language};
use crate::jobs::count;

/// Messages of one request.
const NOTICES_MAX: usize = 50;
/// Longest key; today's have under 100 characters.
const DEDUP_KEY_MAX: usize = 255;
/// Longest address, account or user id of a provider.
const ADDRESS_MAX: usize = 255;

pub(super) async fn enqueue(rpc: &Rpc, request: Request<pb::EnqueueRequest>) -> Answer<pb::EnqueueResponse> {
    let (ctx, body) = open(request)?;
    if body.notices.is_empty() || body.notices.len() > NOTICES_MAX {
        return Err(Fault::invalid("notices", format!("must be 1 to {NOTICES_MAX}")).into());
    }
    let notices = body.notices.into_iter().enumerate();
    let notices = notices.map(|(at, asked)| notice(&rpc.config, asked, &format!("notices[{at}]")));
    let enqueue = Enqueue {
        notices: notices.collect::<Result<_, Fault>>()?,
    };
    let enqueued = gather(&rpc.door, &ctx, enqueue).await?.reply;
    count(&enqueued.stored);
    Ok(Response::new(pb::EnqueueResponse {
        notification_ids: enqueued.ids.iter().map(ToString::to_string).collect(),
        duplicates: enqueued.duplicates,
    }))
}

fn notice(config: &Config, asked: pb::Notice, field: &str) -> Result<Notice, Fault> {
    if asked.dedup_key.is_empty() || asked.dedup_key.len() > DEDUP_KEY_MAX {
        let field = format!("{field}.dedup_key");
        return Err(Fault::invalid(
            field,
            format!("must have 1 to {DEDUP_KEY_MAX} bytes"),
        ));
    }
    let order_id = Some(asked.order_id.as_str())
        .filter(|id| !id.is_empty())
        .map(str::parse)
        .transpose();
    Ok(Notice {
        recipient: recipient(
            config,
            asked.recipient.unwrap_or_default(),
            &format!("{field}.recipient"),
        )?,
        data: data(&asked.data_json, &format!("{field}.data_json"))?,
        language: language(asked.language, &format!("{field}.language"))?,
        order_id: order_id
            .map_err(|_| Fault::invalid(format!("{field}.order_id"), "must be an order id, ord_…"))?,
        dedup_key: asked.dedup_key,
        template: asked.template,
    })
}

/// Who is meant by an address of the contract.
pub(super) fn recipient(config: &Config, asked: common::Address, field: &str) -> Result<Recipient, Fault> {
    let given = provider(asked.provider, &format!("{field}.provider"))?;
    let provider = given.unwrap_or(config.provider);
    for (name, text) in [
        ("account", &asked.account),
        ("address", &asked.address),
        ("user_id", &asked.user_id),
    ] {
        if text.len() > ADDRESS_MAX {
            return Err(Fault::invalid(
                format!("{field}.{name}"),
                format!("must have at most {ADDRESS_MAX} bytes"),
            ));
        }
    }
    let phone = match asked.phone.as_str() {
        "" => phone_in(&asked.address),
        phone => {
            let phone = Phone::parse(phone);
            Some(phone.map_err(|error| Fault::invalid(format!("{field}.phone"), error.to_string()))?)
        }
    };
    let account = match asked.account.as_str() {
        "" => config.account(provider).to_owned(),
        account => account.to_owned(),
    };
    Ok(Recipient {
        provider,
        account,
        // An address means something at its own provider only.
        address: if given.is_some() {
            asked.address
        } else {
            String::new()
        },
        phone,
        user_id: Some(asked.user_id).filter(|id| !id.is_empty() && given.is_some()),
    })
}

/// The phone that an address is: `whatsapp:+9779…`, `9779…`. Other addresses are ids.
fn phone_in(address: &str) -> Option<Phone> {
    let number = address.strip_prefix("whatsapp:").unwrap_or(address);
    let digits = number.strip_prefix('+').unwrap_or(number);
    let is_number = digits.len() >= 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        .then(|| Phone::parse(&format!("+{digits}")).ok())
        .flatten()
}

fn data(json: &str, field: &str) -> Result<serde_json::Value, Fault> {
    if json.len() > DATA_BYTES_MAX {
        return Err(Fault::invalid(
            field,
            format!("must have at most {DATA_BYTES_MAX} bytes"),
        ));
    }
    if json.is_empty() {
        return Ok(serde_json::json!({}));
    }
    serde_json::from_str(json)
        .ok()
        .filter(serde_json::Value::is_object)
        .ok_or_else(|| Fault::invalid(field, "must be a JSON object"))
}

fn language(number: i32, field: &str) -> Result<Language, Fault> {
    match common::Language::try_from(number) {
        Ok(common::Language::Unspecified | common::Language::En) => Ok(Language::En),
        Ok(common::Language::Ne) => Ok(Language::NeDeva),
        Ok(common::Language::NeLatn) => Ok(Language::NeLatn),
        Ok(common::Language::Hi) => Ok(Language::Hi),
        Err(_) => Err(Fault::invalid(field, "is not a language")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_phones_are_understood() {
        let phone = Phone::parse("+9779841234567").ok();
        for address in ["whatsapp:+9779841234567", "9779841234567", "+9779841234567"] {
            assert_eq!(phone_in(address), phone, "{address}");
        }
        for address in ["", "NP.4308123456789", "whatsapp:abc"] {
            assert_eq!(phone_in(address), None, "{address}");
        }
    }
}
