use khaacho_durable as durable;
use khaacho_fault::Fault;
use khaacho_phone::Phone;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, get_vendor, parse, render};
use crate::domain::flaw::Flaws;
use crate::domain::register_vendor::RegisterVendor;
use crate::domain::vendor::{NotATime, Particulars, TimeOfDay, code_of};

pub(super) async fn register_vendor(
    rpc: &Rpc,
    request: Request<pb::RegisterVendorRequest>,
) -> Answer<pb::RegisterVendorResponse> {
    let (ctx, body) = open(request)?;
    let ctx = ctx.requested(&body.request_id)?;
    let done = durable::run(&rpc.door, &ctx, read(&body)?).await?;
    get_vendor::forget(rpc, &done.reply).await;
    Ok(Response::new(pb::RegisterVendorResponse {
        vendor: Some(render::vendor(done.reply)),
    }))
}

/// The command of the request, or everything that is wrong with it.
fn read(given: &pb::RegisterVendorRequest) -> Result<RegisterVendor, Fault> {
    let mut flaws = Flaws::new();
    let code = match given.code.trim() {
        "" => None,
        text => {
            let code = code_of(text);
            flaws.unless(code.is_some(), "code", "1 to 20 letters, digits and hyphens");
            code
        }
    };
    let phone = flaws.keep("phone", Phone::parse(&given.phone));
    let opens = flaws.keep("opens", time(&given.opens, TimeOfDay::OPENS));
    let closes = flaws.keep("closes", time(&given.closes, TimeOfDay::CLOSES));
    let language = flaws.keep("language", parse::language(given.language));
    let (Some(phone), Some(opens), Some(closes), Some(language), true) =
        (phone, opens, closes, language, flaws.is_empty())
    else {
        parse::flawless(flaws)?;
        return Err(Fault::bug("a vendor without flaws could not be read"));
    };
    let particulars = Particulars {
        name: given.name.trim().to_owned(),
        phone,
        municipality: given.municipality.trim().to_owned(),
        latitude: given.latitude,
        longitude: given.longitude,
        opens,
        closes,
        language,
    };
    parse::flawless(particulars.flaws())?;
    Ok(RegisterVendor { code, particulars })
}

fn time(text: &str, default: TimeOfDay) -> Result<TimeOfDay, NotATime> {
    match text.trim() {
        "" => Ok(default),
        text => text.parse(),
    }
}
