//! What waits for a person, and what that person does with it.

use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;

use crate::world::books::shop_phone;
use crate::world::stage::Play;
use crate::world::{By, World, answer, reason};

async fn waiting(world: &World, page_size: u32, page_token: &str) -> pb::ListConversationsResponse {
    let body = pb::ListConversationsRequest {
        page_size,
        page_token: page_token.to_owned(),
    };
    let page = world.intake().list_conversations(By::Operator.asks(body)).await;
    answer(page).expect("a page")
}

async fn read(world: &World, conversation: &str) -> Result<pb::GetConversationResponse, Fault> {
    let body = pb::GetConversationRequest {
        conversation: conversation.to_owned(),
    };
    answer(world.intake().get_conversation(By::Operator.asks(body)).await)
}

async fn reply(world: &World, id: &str, conversation: &str, text: &str) -> Result<String, Fault> {
    let body = pb::ReplyToConversationRequest {
        request_id: id.to_owned(),
        conversation: conversation.to_owned(),
        text: text.to_owned(),
    };
    let sent = answer(
        world
            .intake()
            .reply_to_conversation(By::Operator.asks(body))
            .await,
    )?;
    Ok(sent.notice_key)
}

async fn release(world: &World, conversation: &str, newest: &str) -> Result<pb::Conversation, Fault> {
    let body = pb::ReleaseConversationRequest {
        request_id: world.request_id(),
        conversation: conversation.to_owned(),
        newest_message: newest.to_owned(),
    };
    let done = answer(world.intake().release_conversation(By::Operator.asks(body)).await)?;
    Ok(done.conversation.expect("the conversation"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_a_person_waits_until_one_has_seen_to_it() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "namaste").await;
    assert!(waiting(&world, 0, "").await.conversations.is_empty());
    world.say(&phone, "5000 rupaiya esewa ma tireko chu").await;
    world.say(&phone, "2 jeera").await;
    world.say(&phone, "sugar futeko aayo").await;
    let page = waiting(&world, 0, "").await;
    let [only] = page.conversations.as_slice() else {
        panic!("{page:?}")
    };
    assert_eq!(
        (
            only.waits_for.as_str(),
            only.party_kind.as_str(),
            only.state.as_str()
        ),
        ("PAYMENT_CLAIM", "retailer", "confirming")
    );
    let told = read(&world, &only.conversation_id).await.expect("read");
    let said: Vec<_> = told
        .messages
        .iter()
        .map(|m| (m.text.as_str(), m.outcome_ref.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("sugar futeko aayo", "DELIVERY_ISSUE"),
            ("2 jeera", ""),
            ("5000 rupaiya esewa ma tireko chu", "PAYMENT_CLAIM"),
            ("namaste", ""),
        ]
    );
    let mut answered: Vec<_> = told.sent.iter().map(|m| m.cause_id.as_str()).collect();
    answered.dedup();
    let caused: Vec<_> = told.messages.iter().map(|m| m.inbound_id.as_str()).collect();
    assert_eq!(answered, caused, "every message has its answer");
    assert_eq!(
        (told.sent[0].state.as_str(), told.missing.len()),
        ("DELIVERED", 0)
    );
    let id = only.conversation_id.as_str();
    world.script(
        "ListTold",
        [0; 3].map(|_| Play::Refuse(Fault::unavailable("away"))),
    );
    let away = read(&world, id).await.expect("what came in is read all the same");
    assert_eq!(
        (away.messages.len(), away.missing),
        (4, vec!["notification".to_owned()])
    );
    // what came after it was read is not released unseen
    let unread = told.messages[2].inbound_id.as_str();
    assert_eq!(reason(release(&world, id, unread).await), "STALE_VERSION");
    let newest = told.messages[0].inbound_id.as_str();
    let released = release(&world, id, newest).await.expect("released");
    assert_eq!((released.waits_since, released.waits_for.as_str()), (None, ""));
    release(&world, id, newest).await.expect("nothing to do");
    assert!(waiting(&world, 0, "").await.conversations.is_empty());
    assert_eq!(
        world.say(&phone, "confirm").await.outcome,
        "ordered",
        "the basket still waited"
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_longest_comes_first_page_by_page() {
    let world = World::new().await;
    for shop in [2, 1] {
        world
            .say(&shop_phone(shop), "manche sanga kura garna paryo")
            .await;
    }
    let mut phones = Vec::new();
    let mut token = String::new();
    loop {
        let page = waiting(&world, 1, &token).await;
        phones.extend(
            page.conversations
                .into_iter()
                .map(|c| c.address.expect("one").phone),
        );
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(phones, [2, 1].map(shop_phone));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_sent_once_and_only_while_the_window_is_open() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "manche sanga kura garna paryo").await;
    let waits = waiting(&world, 0, "").await.conversations.remove(0);
    let id = waits.conversation_id.as_str();
    let words = "Namaste, we call you at 4.";
    let key = reply(&world, "r1", id, words).await.expect("sent");
    assert_eq!(reply(&world, "r1", id, words).await.expect("again"), key);
    world.quiet().await;
    let sent: Vec<_> = {
        let books = world.books();
        let own = books.notices.iter().filter(|n| n.dedup_key == key);
        own.map(|n| (n.template.clone(), n.data_json.contains(words)))
            .collect()
    };
    assert_eq!(sent, [("plain_text".to_owned(), true)]);
    for (text, refused) in [("", "INVALID_ARGUMENT"), (&*"x".repeat(4097), "INVALID_ARGUMENT")] {
        assert_eq!(reason(reply(&world, "r2", id, text).await), refused);
    }
    let unknown = khaacho_ids::ConversationId::derive(&["nobody"]).to_string();
    for id in [unknown.as_str(), "cnv_x", ""] {
        assert_eq!(
            reason(reply(&world, &world.request_id(), id, words).await),
            "CONVERSATION_UNKNOWN"
        );
        assert_eq!(reason(read(&world, id).await), "CONVERSATION_UNKNOWN");
        assert_eq!(reason(release(&world, id, "").await), "CONVERSATION_UNKNOWN");
    }
    world.minutes_pass(24 * 60 + 1);
    assert_eq!(reason(reply(&world, "r3", id, words).await), "WINDOW_CLOSED");
    world.assert_sound().await;
}

async fn claim(world: &World, conversation: &str, take_over: bool) -> Result<pb::Conversation, Fault> {
    let body = pb::ClaimConversationRequest {
        request_id: world.request_id(),
        conversation: conversation.to_owned(),
        take_over,
    };
    let done = answer(world.intake().claim_conversation(By::Operator.asks(body)).await)?;
    Ok(done.conversation.expect("the conversation"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_has_taken_over_is_acted_upon_again_when_it_is_released() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    world.say(&phone, "manche sanga kura garnu paryo").await;
    let id = waiting(&world, 0, "")
        .await
        .conversations
        .remove(0)
        .conversation_id;
    let claimed = claim(&world, &id, false).await.expect("claimed");
    assert!(!claimed.claimed_by.is_empty() && claimed.claimed_at.is_some());
    assert_eq!(
        claim(&world, &id, false).await.expect("again").claimed_by,
        claimed.claimed_by
    );

    // a yes to the person confirms no basket
    for text in ["yes", "CONFIRM", "5 sugar"] {
        let said = world.say(&phone, text).await;
        assert_eq!(
            (said.replies.len(), said.outcome.as_str(), said.about.as_str()),
            (0, "needs_human", "CLAIMED"),
            "{text}"
        );
    }
    reply(&world, "r1", &id, "We call you at 4.").await.expect("sent");
    let page = waiting(&world, 0, "").await;
    assert_eq!(page.conversations.len(), 1, "it stays in the list");
    let newest = read(&world, &id).await.expect("read").messages[0]
        .inbound_id
        .clone();
    let released = release(&world, &id, &newest).await.expect("released");
    assert!(released.claimed_by.is_empty() && released.claimed_at.is_none());
    assert!(waiting(&world, 0, "").await.conversations.is_empty());
    assert_eq!(
        world.say(&phone, "CONFIRM").await.outcome,
        "ordered",
        "the basket waited"
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_of_another_person_is_taken_over_only_on_purpose() {
    let world = World::new().await;
    world.say(&shop_phone(1), "manche sanga kura garnu paryo").await;
    let id = waiting(&world, 0, "")
        .await
        .conversations
        .remove(0)
        .conversation_id;
    sqlx::query("update orders.conversation set claimed_by = 'key_other', claimed_at = now()")
        .execute(&world.superuser().await)
        .await
        .expect("claimed by another");
    assert_eq!(reason(claim(&world, &id, false).await), "CONVERSATION_CLAIMED");
    assert_ne!(
        claim(&world, &id, true).await.expect("taken").claimed_by,
        "key_other"
    );
    assert_eq!(reason(claim(&world, "cnv_x", true).await), "CONVERSATION_UNKNOWN");
    world.assert_sound().await;
}
