use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::finish_attempt::end;
use super::{change, outbound, queue};
use crate::domain::finish_look::{FinishLook, Found};
use crate::domain::outbound::Problem;
use crate::domain::retry::Class;
use crate::domain::{Change, Moved, Outbound, State};

impl Transact for FinishLook {
    type Reply = Vec<Moved>;
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Outbound>, Fault> {
        outbound::lock(tx, self.id).await
    }

    async fn save(&self, decided: Change, tx: &mut Tx) -> Result<Vec<Moved>, Fault> {
        let (result, said, found) = match &self.found {
            Found::Sent(id) => ("accepted", None, Some(id.as_str())),
            Found::NotSent => (Class::Retry.as_str(), Some("the provider does not have it"), None),
            Found::Silence | Found::NoAnswer => {
                let said = "no answer, and the provider cannot say what became of it";
                (Class::Ambiguous.as_str(), Some(said), None)
            }
        };
        let problem = said.map(|text| Problem {
            code: None,
            text: text.to_owned(),
        });
        end(tx, self.id, self.number, result, problem.as_ref(), found).await?;
        let waits = decided.next_try_at.filter(|_| decided.state <= State::Sending);
        let moved = change::apply(tx, &[decided]).await?;
        queue::go_on(tx, &self.queue, waits, None).await?;
        Ok(moved)
    }
}
