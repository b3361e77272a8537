//! Files of every kind that networks take.

use std::{fmt::Write as _, process::Command, sync::LazyLock};

use serde_json::Value;

use crate::support::{User, png};

/// Made once for all the worlds of a test.
static TALL: LazyLock<Vec<u8>> = LazyLock::new(|| film("720x1280"));
static WIDE: LazyLock<Vec<u8>> = LazyLock::new(|| film("1280x720"));
static TONE: LazyLock<Vec<u8>> = LazyLock::new(tone);
const CAPTIONS: &str = "1\n00:00:00,000 --> 00:00:02,000\nHello\n";

/// Files to publish, by what they are.
pub(super) struct Files {
    pub(super) picture: Value,
    second: Value,
    tall: Value,
    wide: Value,
    sound: Value,
    document: Value,
    pub(super) captions: Value,
}

impl Files {
    pub(super) async fn upload(user: &User) -> Self {
        let of = |answer: Value| answer["id"].clone();
        Self {
            picture: of(user
                .upload("a.png", "image/png", png(1_080, 1_080))
                .await
                .ok()),
            second: of(user
                .upload("b.png", "image/png", png(1_080, 1_350))
                .await
                .ok()),
            tall: of(user
                .upload("tall.mp4", "video/mp4", TALL.clone())
                .await
                .ok()),
            wide: of(user
                .upload("wide.mp4", "video/mp4", WIDE.clone())
                .await
                .ok()),
            sound: of(user.upload("a.wav", "audio/x-wav", TONE.clone()).await.ok()),
            document: of(user.upload("a.pdf", "application/pdf", pdf()).await.ok()),
            captions: of(user
                .upload("a.srt", "application/x-subrip", CAPTIONS.into())
                .await
                .ok()),
        }
    }

    /// Files of each kind that the format takes, and as many as it asks for: none, one picture,
    /// several, a video, a document, a sound.
    pub(super) fn sets(&self, format: &Value) -> Vec<(&'static str, Vec<&Value>)> {
        let media = &format["media"];
        let (least, most) = (media["min"].as_u64(), media["max"].as_u64());
        let is_tall = |rules: &Value| rules["aspect"]["max"].as_f64().is_some_and(|max| max < 1.0);
        let mut sets = Vec::new();
        let mut add = |what, files: Vec<_>| {
            let count = Some(files.len() as u64);
            if least <= count && count <= most {
                sets.push((what, files));
            }
        };
        add("nothing", Vec::new());
        if media["documents"].is_object() {
            add("a document", vec![&self.document]);
        }
        if media["audio"].is_object() {
            add("a sound", vec![&self.sound]);
        }
        if media["videos"].is_object() {
            let tall = ["reel", "short", "story"]
                .iter()
                .any(|id| format["id"] == *id);
            let tall = tall || is_tall(&media["videos"]);
            add("a video", vec![if tall { &self.tall } else { &self.wide }]);
        }
        if media["images"].is_object() && !is_tall(&media["images"]) {
            add("pictures", vec![&self.picture, &self.second]);
            add("a picture", vec![&self.picture]);
        }
        sets
    }

    /// The files that the format is mostly used with.
    pub(super) fn usual(&self, format: &Value) -> Vec<&Value> {
        self.sets(format).pop().map(|(_, files)| files).unwrap()
    }
}

/// Twelve seconds of a test picture with a tone.
pub(crate) fn film(size: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    let made = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-f", "lavfi", "-i"])
        .arg(format!("testsrc=size={size}:rate=24:duration=12"))
        .args([
            "-f",
            "lavfi",
            "-i",
            "sine=440:duration=12",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
        ])
        .args(["-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest"])
        .arg(&path)
        .status()
        .unwrap();
    assert!(made.success(), "ffmpeg made no film");
    std::fs::read(path).unwrap()
}

/// Two seconds of a tone.
fn tone() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tone.wav");
    let made = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-f", "lavfi", "-i"])
        .arg("sine=440:duration=2")
        .arg(&path)
        .status()
        .unwrap();
    assert!(made.success(), "ffmpeg made no tone");
    std::fs::read(path).unwrap()
}

/// The smallest document with a page.
fn pdf() -> Vec<u8> {
    let mut text = String::from("%PDF-1.4\n");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ];
    let mut table = String::from("xref\n0 4\n0000000000 65535 f \n");
    for (number, object) in objects.iter().enumerate() {
        writeln!(table, "{:010} 00000 n ", text.len()).unwrap();
        writeln!(text, "{} 0 obj\n{object}\nendobj", number + 1).unwrap();
    }
    let at = text.len();
    writeln!(
        text,
        "{table}trailer << /Size 4 /Root 1 0 R >>\nstartxref\n{at}\n%%EOF"
    )
    .unwrap();
    text.into_bytes()
}
