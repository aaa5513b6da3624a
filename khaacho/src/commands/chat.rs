//! `khaacho chat`.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::cli::Chat;
use crate::demo;
use crate::local::DataDir;

/// Replies that come later than this are shown at the next line.
const LISTEN: Duration = Duration::from_secs(3);
/// A conversation that is silent for this long after a reply has ended.
const QUIET: Duration = Duration::from_millis(700);

/// Chats through the simulator.
pub async fn run(options: &Chat) -> anyhow::Result<()> {
    let url = match &options.url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => {
            let data = DataDir::existing(&options.data_dir)?;
            data.running()
                .context("no `khaacho up` runs here; start it, or name a gateway with --url")?
                .http
        }
    };
    let from = options.from.clone().map_or_else(demo::first_phone, Ok)?;
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .build()?;
    let mut talk = Talk {
        client,
        url,
        from,
        cursor: String::new(),
    };
    talk.skip_old().await?;
    if !options.text.is_empty() {
        talk.say(&options.text.join(" ")).await?;
        return talk.listen().await;
    }
    println!(
        "You are {}. Write what you need; an empty line listens; Ctrl-D ends.",
        talk.from
    );
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        if !line.trim().is_empty() {
            talk.say(line.trim()).await?;
        }
        talk.listen().await?;
    }
    Ok(())
}

struct Talk {
    client: reqwest::Client,
    url: String,
    from: String,
    cursor: String,
}

impl Talk {
    fn path(&self) -> String {
        format!("{}/api/v1/simulator/messages", self.url)
    }

    async fn say(&self, text: &str) -> anyhow::Result<()> {
        let body = json!({ "from": self.from, "text": text });
        let answer = self
            .client
            .post(self.path())
            .json(&body)
            .send()
            .await
            .context("the gateway does not answer")?;
        accepted(answer).await?;
        Ok(())
    }

    async fn fetch(&mut self) -> anyhow::Result<Vec<Value>> {
        let query = [("phone", self.from.as_str()), ("after", self.cursor.as_str())];
        let answer = self.client.get(self.path()).query(&query).send().await;
        let answer = answer.context("the gateway does not answer")?;
        let answer = accepted(answer).await?;
        let mut body: Value = answer.json().await?;
        if let Some(next) = body["next"].as_str() {
            next.clone_into(&mut self.cursor);
        }
        match body["messages"].take() {
            Value::Array(messages) => Ok(messages),
            _ => Ok(Vec::new()),
        }
    }

    async fn skip_old(&mut self) -> anyhow::Result<()> {
        while !self.fetch().await?.is_empty() {}
        Ok(())
    }

    /// Prints replies until it is quiet.
    async fn listen(&mut self) -> anyhow::Result<()> {
        let began = Instant::now();
        let mut heard: Option<Instant> = None;
        while heard.map_or(began.elapsed() < LISTEN, |at| at.elapsed() < QUIET) {
            for message in self.fetch().await? {
                heard = Some(Instant::now());
                println!("\n{}", message["text"].as_str().unwrap_or_default());
                let buttons = message["buttons"].as_array().cloned().unwrap_or_default();
                let titles: Vec<_> = buttons.iter().filter_map(|b| b["title"].as_str()).collect();
                if !titles.is_empty() {
                    println!("[{}]", titles.join("] ["));
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        println!();
        Ok(())
    }
}

/// The answer, or the gateway's own words why not.
async fn accepted(answer: reqwest::Response) -> anyhow::Result<reqwest::Response> {
    if answer.status().is_success() {
        return Ok(answer);
    }
    let problem: Value = answer.json().await.unwrap_or_default();
    let named = problem["errors"][0]["field"]
        .as_str()
        .zip(problem["errors"][0]["message"].as_str());
    match named {
        Some((field, message)) => anyhow::bail!("the gateway refused: {field} {message}"),
        None => anyhow::bail!(
            "the gateway refused: {}",
            problem["detail"].as_str().unwrap_or("no reason given")
        ),
    }
}
