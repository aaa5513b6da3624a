use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::Rpc;
use crate::domain::template::{Language, Template};

pub(super) async fn list_templates(
    _rpc: &Rpc,
    request: Request<pb::ListTemplatesRequest>,
) -> Answer<pb::ListTemplatesResponse> {
    let (_ctx, body) = open(request)?;
    let wanted = Template::EXAMPLES
        .iter()
        .filter(|(name, _)| name.starts_with(&body.name_prefix));
    let mut templates = wanted
        .map(|(name, json)| template(name, json))
        .collect::<Result<Vec<_>, Fault>>()?;
    templates.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Response::new(pb::ListTemplatesResponse { templates }))
}

/// Examples are compiled in, so one that cannot be read is a bug.
fn template(name: &str, json: &str) -> Result<pb::Template, Fault> {
    let data = serde_json::from_str(json).map_err(Fault::bug)?;
    let example = Template::decode(name, &data).map_err(Fault::bug)?;
    Ok(pb::Template {
        name: name.to_owned(),
        languages: Language::ALL
            .map(|language| language.as_str().to_owned())
            .to_vec(),
        deadline_seconds: u32::try_from(example.deadline().as_secs()).unwrap_or(u32::MAX),
        example: example.render(Language::En).body.text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_has_an_example_that_can_be_shown() {
        for (name, json) in Template::EXAMPLES {
            let shown = template(name, json).unwrap_or_else(|fault| panic!("{name}: {fault:?}"));
            assert!(!shown.example.is_empty() && shown.deadline_seconds > 0);
            assert_eq!(shown.languages, ["en", "ne-Deva", "ne-Latn", "hi"]);
        }
    }
}
