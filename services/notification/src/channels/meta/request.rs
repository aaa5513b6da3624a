//! The JSON that Meta takes.

use serde_json::{Value, json};

use super::super::{Class, Outgoing, SendFault, template_variable};
use super::WindowTemplate;
use crate::domain::message::{Body, Button, List, Row};

pub(super) fn body(message: &Outgoing, template: Option<&WindowTemplate>) -> Result<Value, SendFault> {
    let mut body = json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        // Comes back in every status report, so a message whose answer was lost is still found.
        "biz_opaque_callback_data": message.notification_id.to_string(),
    });
    let content = match (message.service_window_open, template) {
        (true, _) => content(&message.body),
        (false, Some(template)) => in_template(&message.body, template)?,
        (false, None) => {
            return Err(SendFault::ours(
                Class::Window,
                "the 24 hour window is closed and no approved template is configured",
            ));
        }
    };
    merge(&mut body, recipient(message)?);
    merge(&mut body, content);
    Ok(body)
}

/// `to` for a phone, `recipient` for a business-scoped user id; Meta prefers `to` when both are there.
fn recipient(message: &Outgoing) -> Result<Value, SendFault> {
    match (&message.to.phone, &message.to.user_id) {
        (Some(phone), _) => Ok(json!({ "to": phone.as_str().trim_start_matches('+') })),
        (None, Some(user_id)) if !user_id.is_empty() => Ok(json!({ "recipient": user_id })),
        _ => Err(SendFault::ours(
            Class::Permanent,
            "the recipient has neither a phone nor a user id",
        )),
    }
}

fn content(body: &Body) -> Value {
    let text = &body.text;
    let interactive = |content: Value| json!({ "type": "interactive", "interactive": content });
    match &body.list {
        Some(List { button, rows }) => {
            let rows: Vec<Value> = rows.iter().map(row).collect();
            interactive(json!({
                "type": "list",
                "body": { "text": text },
                "action": { "button": button, "sections": [{ "rows": rows }] },
            }))
        }
        None if body.buttons.is_empty() => {
            json!({ "type": "text", "text": { "body": text, "preview_url": false } })
        }
        None => interactive(json!({
            "type": "button",
            "body": { "text": text },
            "action": { "buttons": body.buttons.iter().map(button).collect::<Vec<_>>() },
        })),
    }
}

fn button(Button { id, title, .. }: &Button) -> Value {
    json!({ "type": "reply", "reply": { "id": id, "title": title } })
}

fn row(
    Row {
        id,
        title,
        description,
        ..
    }: &Row,
) -> Value {
    let mut row = json!({ "id": id, "title": title });
    if !description.is_empty() {
        row["description"] = json!(description);
    }
    row
}

fn in_template(body: &Body, template: &WindowTemplate) -> Result<Value, SendFault> {
    let text = template_variable(body)?;
    Ok(json!({
        "type": "template",
        "template": {
            "name": template.name,
            "language": { "code": template.language },
            "components": [{ "type": "body", "parameters": [{ "type": "text", "text": text }] }],
        },
    }))
}

fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}
