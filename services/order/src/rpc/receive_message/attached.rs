//! What came with a message beside its words, within its bounds.

use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;

use super::clean;
use crate::domain::attached::{
    Attached, CONTACTS_MAX, Location, MEDIA_MAX, Medium, PHONES_MAX, SharedContact,
};

const ID_BYTES_MAX: usize = 255;
const URL_BYTES_MAX: usize = 2_048;
const MIME_BYTES_MAX: usize = 255;
const SHA256_BYTES_MAX: usize = 128;
const FILENAME_CHARS_MAX: usize = 255;
const PLACE_CHARS_MAX: usize = 500;
const NAME_CHARS_MAX: usize = 200;
const PHONE_CHARS_MAX: usize = 64;

/// Errors when there is more of it than a message can hold; words that are too long are cut.
pub(super) fn attached(
    message: &mut pb::InboundMessage,
    at: &dyn Fn(&str) -> String,
) -> Result<Attached, Fault> {
    let few = |field: &str, count: usize, max: usize| {
        let fault = || {
            Fault::invalid(
                at(&format!("message.{field}")),
                format!("must have at most {max}"),
            )
        };
        if count > max { Err(fault()) } else { Ok(()) }
    };
    let media = std::mem::take(&mut message.media);
    let contacts = std::mem::take(&mut message.contacts);
    few("media", media.len(), MEDIA_MAX)?;
    few("contacts", contacts.len(), CONTACTS_MAX)?;
    let media = media.into_iter().enumerate().map(|(n, named)| {
        let at = |field: &str| at(&format!("message.media[{n}].{field}"));
        medium(named, &at)
    });
    let contacts = contacts.into_iter().map(|contact| SharedContact {
        name: cut(contact.name, NAME_CHARS_MAX),
        phones: contact
            .phones
            .into_iter()
            .take(PHONES_MAX)
            .map(|phone| cut(phone, PHONE_CHARS_MAX))
            .collect(),
    });
    let location = message.location.take().map(|place| Location {
        latitude: place.latitude,
        longitude: place.longitude,
        name: cut(place.name, PLACE_CHARS_MAX),
        address: cut(place.address, PLACE_CHARS_MAX),
    });
    Ok(Attached {
        media: media.collect::<Result<_, _>>()?,
        // A place that is none is no reason to lose a message.
        location: location.filter(Location::is_on_earth),
        contacts: contacts.collect(),
    })
}

fn medium(named: pb::InboundMedium, at: &dyn Fn(&str) -> String) -> Result<Medium, Fault> {
    for (field, text, bytes_max) in [
        ("provider_media_id", &named.provider_media_id, ID_BYTES_MAX),
        ("url", &named.url, URL_BYTES_MAX),
        ("mime_type", &named.mime_type, MIME_BYTES_MAX),
        ("sha256", &named.sha256, SHA256_BYTES_MAX),
    ] {
        if text.len() > bytes_max {
            return Err(Fault::invalid(
                at(field),
                format!("must have at most {bytes_max} bytes"),
            ));
        }
    }
    Ok(Medium {
        provider_media_id: clean(named.provider_media_id),
        url: clean(named.url),
        mime_type: clean(named.mime_type),
        sha256: clean(named.sha256),
        filename: cut(named.filename, FILENAME_CHARS_MAX),
    })
}

fn cut(text: String, chars_max: usize) -> String {
    clean(text.chars().take(chars_max).collect())
}
