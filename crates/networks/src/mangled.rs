//! Every network, answering with one wrong value in each of its answers: whatever comes, a
//! connector ends in an error or in a result, never in a panic, and never claims a post that is
//! not there. The sandbox's `mangle` fault chooses the values; its seeds are the cases.

use serde_json::{Value, json};

use crate::{
    connector::{Account, DoneStep, Found, PublishRequest, StepAnswer, StepWork},
    descriptor::{AppSource, Format, OptionKind},
    testing::{TestFile, World, lookup},
};

/// Cases for each network. `ALLIN_FUZZ_CASES` asks for more.
const CASES: u64 = 25;
/// A post never takes more requests than this, with those that wait.
const STEPS: usize = 60;

#[expect(
    clippy::print_stderr,
    reason = "names the case that a panic is shown with"
)]
#[tokio::test]
async fn an_answer_with_a_wrong_value_breaks_nothing() {
    let cases = std::env::var("ALLIN_FUZZ_CASES").map_or(CASES, |cases| cases.parse().unwrap());
    let simulated =
        crate::descriptors().filter(|descriptor| descriptor.connect.app == AppSource::Operator);
    for descriptor in simulated {
        let world = World::of(descriptor.platform).await;
        let account = world.account().await;
        let post = post(&world, &account).await;
        for seed in 0..cases {
            eprintln!("{}, seed {seed}", descriptor.platform);
            try_with(&world, &account, &post, seed).await;
        }
    }
}

/// A post of the network's first format, with what it needs.
async fn post(world: &World, account: &Account) -> PublishRequest {
    let connector = world.connector();
    let format: Format = connector.formats(&account.limits).remove(0);
    let mut options = json!({});
    for field in format.options.iter().filter(|field| field.required) {
        options[field.key] = match &field.kind {
            OptionKind::Choice { choices, .. } => json!(choices[0].value),
            OptionKind::Lookup { .. } => {
                let choices = connector
                    .choices(&world.net, account, &lookup(field.key))
                    .await;
                json!(choices.unwrap()[0].value)
            }
            _ => json!("Bench"),
        };
    }
    let media = match format.media.images {
        Some(_) => vec![TestFile::jpeg().attach("A red pixel")],
        None if format.media.min > 0 => vec![TestFile::mp4(300_000).attach("")],
        None => Vec::new(),
    };
    world.request(format.id, "Fresh from the roaster", media, options)
}

/// Does everything that a connector can, while every answer is mangled.
async fn try_with(world: &World, account: &Account, post: &PublishRequest, seed: u64) {
    let (connector, net) = (world.connector(), &world.net);
    let before = world.posts().await.len();
    world
        .fault(json!({ "kind": "mangle", "seed": seed, "times": 1_000_000 }))
        .await;
    let _ = connector.standing(net, account).await;
    let _ = connector.choices(net, account, &lookup("board")).await;
    let (done, complete) = publish(world, account, post).await;
    let _ = connector.published(net, account, post, &done);
    let _ = connector.read_back(net, account, &done).await;
    if let Some(insights) = connector.insights() {
        let _ = insights.account(net, account).await;
        let _ = insights.post(net, account, &done).await;
    }
    if let Some(comments) = connector.comments() {
        let _ = comments.list(net, account, &done, None).await;
        let _ = comments.reply(net, account, &done, "1", "Thank you").await;
    }
    if complete {
        let after = world.posts().await.len();
        assert!(
            after > before,
            "seed {seed}: nothing was published: {done:?}"
        );
    }
    let _ = connector.delete(net, account, &done).await;
    world.instance.clear_faults().await;
}

/// Publishes as the engine does, as far as it goes. Answers the steps, and whether they are all.
async fn publish(
    world: &World,
    account: &Account,
    request: &PublishRequest,
) -> (Vec<DoneStep>, bool) {
    let (connector, net) = (world.connector(), &world.net);
    let mut done: Vec<DoneStep> = Vec::new();
    for _ in 0..STEPS {
        let Some(step) = connector.next_step(request, &done) else {
            return (done, true);
        };
        let so_far = done.clone();
        let work = StepWork {
            account,
            request,
            done: &so_far,
            step: &step,
            first_sent_at: net.env.now(),
        };
        let result: Value = match connector.run_step(net, work).await {
            Ok(StepAnswer::Done(result)) => result,
            Ok(StepAnswer::Pending { after, .. }) => {
                world.clock.advance(after);
                continue;
            }
            Err(error) if step.public && !error.certainty.had_no_effect() => {
                match connector.find_step(net, work).await {
                    Ok(Found::Present(result)) => result,
                    Ok(Found::Absent) => continue,
                    _ => break,
                }
            }
            Err(_) => break,
        };
        done.push(DoneStep {
            name: step.name,
            result,
        });
    }
    (done, false)
}
