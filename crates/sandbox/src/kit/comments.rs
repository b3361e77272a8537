//! What people write below posts: strangers by and by, and whoever answers through the API.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Timestamp;

use super::{insights::Exposure, mix, people, seed};

/// Comments of strangers below one post, at most. Numbers of insights go on above it.
const WRITTEN_OUT: u64 = 40;

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comment {
    /// 17 digits.
    pub(crate) id: String,
    /// The post's id, as the network gave it.
    pub(crate) post: String,
    /// The comment that this one answers.
    pub(crate) parent: Option<String>,
    pub(crate) author: Author,
    pub(crate) text: String,
    pub(crate) at: Timestamp,
    pub(crate) likes: u64,
    pub(crate) hidden: bool,
}

/// Who wrote a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Author {
    pub(crate) username: String,
    pub(crate) name: String,
}

/// What is known of comments beyond what strangers write: to keep in a network's memory.
#[derive(Debug, Default)]
pub(crate) struct Comments {
    written: BTreeMap<String, Comment>,
    hidden: BTreeSet<String>,
    removed: BTreeSet<String>,
}

const STRANGERS: [(&str, &str); 16] = [
    ("tomasz_w", "Tomasz Wolny"),
    ("lina.hart", "Lina Hart"),
    ("okonkwo_b", "Blessing Okonkwo"),
    ("river_studio", "River Studio"),
    ("hansp", "Hans Petersen"),
    ("yuki.makes", "Yuki Tanabe"),
    ("carla_rides", "Carla Mendes"),
    ("sam_reads", "Sam Whitlock"),
    ("noor_a", "Noor Aziz"),
    ("pieterv", "Pieter Visser"),
    ("ana.cooks", "Ana Kovač"),
    ("dev_in_wool", "Rosie McBride"),
    ("marcel.photo", "Marcel Dubois"),
    ("ines_v", "Inês Valente"),
    ("bjorn42", "Björn Aalto"),
    ("grace_m", "Grace Mwangi"),
];

const WORDS: [&str; 20] = [
    "Love this!",
    "Where can I find out more?",
    "This made my morning.",
    "Saving this for later.",
    "Do you ship to Portugal?",
    "Couldn't agree more.",
    "What are your opening hours on Sunday?",
    "Came here from the newsletter, glad I did.",
    "Beautiful light in this one.",
    "How long did this take you?",
    "I have a question about the price, may I write to you?",
    "Tagging my sister, she needs to see this.",
    "Not sure I follow the second part?",
    "Been waiting for this!",
    "Great work as always.",
    "Is this still available?",
    "My order never arrived, who can help me?",
    "Please more of this.",
    "Honestly, I liked the old one better.",
    "👏👏👏",
];

impl Comments {
    /// All comments below a post that are there at this instant, the oldest first, hidden ones and
    /// answers included. `post` is the network's id of it.
    pub(crate) fn below(&self, post: &str, exposure: &Exposure, now: Timestamp) -> Vec<Comment> {
        let all = exposure.comments_in_the_end().min(WRITTEN_OUT);
        let mut list: Vec<Comment> = (0..all)
            .map(|nth| stranger(post, exposure, nth, all))
            .take_while(|comment| comment.at <= now)
            .chain(
                self.written
                    .values()
                    .filter(|one| one.post == post)
                    .cloned(),
            )
            .filter(|comment| !self.removed.contains(&comment.id))
            .collect();
        for comment in &mut list {
            comment.hidden = self.hidden.contains(&comment.id);
        }
        list.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        list
    }

    /// Writes a comment, or an answer to one; `username` is an account's.
    pub(crate) fn write(
        &mut self,
        id: String,
        post: &str,
        parent: Option<String>,
        username: &str,
        text: &str,
        now: Timestamp,
    ) -> Comment {
        let name = people::find(username).map_or(username, |account| account.name);
        let comment = Comment {
            id: id.clone(),
            post: post.to_owned(),
            parent,
            author: Author {
                username: username.to_owned(),
                name: name.to_owned(),
            },
            text: text.to_owned(),
            at: now,
            likes: 0,
            hidden: false,
        };
        self.written.insert(id, comment.clone());
        comment
    }

    /// Hides a comment, or shows it again.
    pub(crate) fn hide(&mut self, id: &str, hidden: bool) {
        if hidden {
            self.hidden.insert(id.to_owned());
        } else {
            self.hidden.remove(id);
        }
    }

    /// Removes a comment.
    pub(crate) fn remove(&mut self, id: &str) {
        self.removed.insert(id.to_owned());
    }
}

fn stranger(post: &str, exposure: &Exposure, nth: u64, all: u64) -> Comment {
    let luck = mix(seed(&exposure.id).wrapping_add(1_000 + nth));
    let pick = |length: usize, by: u64| usize::try_from(by % length as u64).unwrap_or(0);
    let (username, name) = STRANGERS[pick(STRANGERS.len(), luck >> 5)];
    Comment {
        id: people::number(&format!("{}/comment/{nth}", exposure.id), 17).to_string(),
        post: post.to_owned(),
        parent: None,
        author: Author {
            username: username.to_owned(),
            name: name.to_owned(),
        },
        text: WORDS[pick(WORDS.len(), luck >> 20)].to_owned(),
        at: exposure.moment(nth, all),
        likes: (luck >> 40) % 9,
        hidden: false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::kit::insights::Form;

    #[test]
    fn comments_come_by_and_by_and_obey() {
        let published_at = Timestamp::from_micros(1_795_219_200_000_000);
        let exposure = Exposure {
            id: "x/1".to_owned(),
            published_at,
            form: Form::Image,
            followers: 20_000,
            seconds: 0,
        };
        let mut comments = Comments::default();
        let after = |hours| published_at + Duration::from_hours(hours);
        let count = |comments: &Comments, hours| comments.below("1", &exposure, after(hours)).len();
        assert_eq!(count(&comments, 0), 0);
        let (early, late) = (count(&comments, 2), count(&comments, 24 * 20));
        assert!(early > 0 && early < late, "{early} {late}");
        let all = comments.below("1", &exposure, after(24));
        assert_eq!(all, comments.below("1", &exposure, after(24)));
        let mut ids: Vec<_> = all.iter().map(|comment| &comment.id).collect();
        ids.dedup();
        assert_eq!(ids.len(), all.len());

        let first = all[0].id.clone();
        comments.write(
            "7".to_owned(),
            "1",
            Some(first.clone()),
            "mara",
            "Thank you!",
            after(3),
        );
        comments.hide(&first, true);
        let now = comments.below("1", &exposure, after(24));
        assert_eq!(now.len(), all.len() + 1);
        assert!(now.iter().find(|one| one.id == first).unwrap().hidden);
        let answer = now.iter().find(|one| one.id == "7").unwrap();
        assert_eq!(
            (answer.author.name.as_str(), answer.parent.as_ref()),
            ("Mara Lindqvist", Some(&first))
        );
        comments.remove("7");
        assert_eq!(comments.below("1", &exposure, after(24)).len(), all.len());
    }
}
