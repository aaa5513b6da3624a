//! A phone of the simulator.

use std::time::Duration;

use serde_json::{Value, json};

use crate::rest::{Answer, Rest};
use crate::wait::eventually;

/// A phone: what it says and what it hears.
#[derive(Debug)]
pub struct Chat {
    rest: Rest,
    phone: String,
    cursor: String,
    heard: Vec<Heard>,
}

/// A message that a phone shows.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Its id.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Ids of its buttons.
    pub buttons: Vec<String>,
}

impl Chat {
    /// A phone that has shown everything of before.
    pub async fn open(rest: Rest, phone: &str) -> Self {
        let mut chat = Self::from_the_beginning(rest, phone);
        while chat.fetch().await.expect("the gateway answers") > 0 {}
        chat.heard.clear();
        chat
    }

    /// A phone that has not shown anything yet.
    pub fn from_the_beginning(rest: Rest, phone: &str) -> Self {
        Self {
            rest,
            phone: phone.to_owned(),
            cursor: String::new(),
            heard: Vec::new(),
        }
    }

    /// Its number.
    pub fn phone(&self) -> &str {
        &self.phone
    }

    /// Writes a text; the id of the stored message comes back.
    pub async fn say(&self, text: &str) -> String {
        let stored = self.post(json!({ "from": self.phone, "text": text })).await.ok();
        assert_eq!(stored["status"], "ACCEPTED", "{text:?} was no new message");
        stored["id"].as_str().unwrap_or_default().to_owned()
    }

    /// Taps a button.
    pub async fn tap(&self, button: &str) -> String {
        let stored = self
            .post(json!({ "from": self.phone, "reply_id": button }))
            .await
            .ok();
        stored["id"].as_str().unwrap_or_default().to_owned()
    }

    /// Delivers a message under the provider's id, as a webhook does; may be repeated.
    pub async fn deliver(&self, message_id: &str, text: &str) -> reqwest::Result<Answer> {
        let body = json!({ "from": self.phone, "text": text, "message_id": message_id });
        self.rest.try_post("/api/v1/simulator/messages", &[], &body).await
    }

    async fn post(&self, body: Value) -> Answer {
        self.rest.post("/api/v1/simulator/messages", body).await
    }

    /// Writes a text and waits for an answer with `containing`.
    pub async fn ask(&mut self, text: &str, containing: &str, within: Duration) -> Heard {
        self.say(text).await;
        self.expect(containing, within).await
    }

    /// Waits for a message with these words and takes it out; other messages stay to be expected later.
    ///
    /// # Panics
    /// When none comes in time; the text shows what came.
    pub async fn expect(&mut self, containing: &str, within: Duration) -> Heard {
        let what = format!("{:?} on the phone {}", containing, self.phone);
        eventually(&what, within, async || match self.take(containing).await {
            Ok(Some(heard)) => Ok(heard),
            Ok(None) => {
                let texts: Vec<&str> = self.heard.iter().map(|heard| heard.text.as_str()).collect();
                Err(format!("it shows {texts:#?}"))
            }
            Err(error) => Err(error.to_string()),
        })
        .await
    }

    /// Takes a message with these words out, if there is one by now. An error when the gateway is away.
    pub async fn take(&mut self, containing: &str) -> reqwest::Result<Option<Heard>> {
        self.fetch().await?;
        let at = self
            .heard
            .iter()
            .position(|heard| heard.text.contains(containing));
        Ok(at.map(|at| self.heard.remove(at)))
    }

    /// Texts that came and that nobody expected yet.
    pub async fn unexpected(&mut self) -> Vec<String> {
        self.fetch().await.expect("the gateway answers");
        self.heard.iter().map(|heard| heard.text.clone()).collect()
    }

    async fn fetch(&mut self) -> reqwest::Result<usize> {
        let phone = self.phone.replace('+', "%2B");
        let path = format!("/api/v1/simulator/messages?phone={phone}&after={}", self.cursor);
        let answer = self.rest.try_get(&path).await?;
        if answer.status != 200 {
            // A gateway whose services are away says so; the next look may find more.
            return Ok(0);
        }
        if let Some(next) = answer.body["next"].as_str() {
            next.clone_into(&mut self.cursor);
        }
        let messages = answer.body["messages"].as_array().cloned().unwrap_or_default();
        self.heard.extend(messages.iter().map(heard));
        Ok(messages.len())
    }
}

fn heard(message: &Value) -> Heard {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let buttons = message["buttons"].as_array().into_iter().flatten();
    Heard {
        id: text(&message["id"]),
        text: text(&message["text"]),
        buttons: buttons.map(|button| text(&button["id"])).collect(),
    }
}

impl Heard {
    /// The order number in the text.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn order_number(&self) -> String {
        let is_number = |word: &&str| word.len() >= 13 && word[3..].bytes().all(|b| b.is_ascii_digit());
        let words = self.text.split(|c: char| !c.is_ascii_alphanumeric());
        let number = words.filter(|word| word.starts_with("ORD")).find(is_number);
        number
            .unwrap_or_else(|| panic!("no order number in {:?}", self.text))
            .to_owned()
    }
}
