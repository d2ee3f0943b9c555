//! Documents of our own writing, for whoever wants to see what comes out before uploading one.

use std::sync::{Arc, OnceLock};

use policy::Units;
use policy::reading::understand;

use super::Reading;

/// A sample: the word in its address, its name, its bytes.
struct Sample {
    word: &'static str,
    file: &'static str,
    bytes: &'static [u8],
}

const SAMPLES: [Sample; 3] = [
    Sample {
        word: "sample-table",
        file: "青禾市任务分解表（样例）.docx",
        bytes: include_bytes!("../../../../samples/qinghe-2024-table.docx"),
    },
    Sample {
        word: "sample-prose",
        file: "砚湖区若干措施（样例）.docx",
        bytes: include_bytes!("../../../../samples/yanhu-2024-prose.docx"),
    },
    Sample {
        word: "sample-draft",
        file: "砚湖区若干措施征求意见稿（样例）.txt",
        bytes: include_bytes!("../../../../samples/versions/yanhu-2024-prose-draft.txt"),
    },
];

/// The samples, each read when it is first asked for.
#[derive(Debug, Default)]
pub struct Samples {
    readings: [OnceLock<Option<Arc<Reading>>>; SAMPLES.len()],
}

impl Samples {
    /// The sample under this word.
    pub fn get(&self, word: &str, units: &Units) -> Option<Arc<Reading>> {
        let at = SAMPLES.iter().position(|sample| sample.word == word)?;
        let (sample, slot) = (SAMPLES.get(at)?, self.readings.get(at)?);
        slot.get_or_init(|| {
            let understood = understand(sample.bytes, units).ok()?;
            let mut reading = Reading::new(sample.file, understood);
            reading.is_sample = true;
            Some(Arc::new(reading))
        })
        .clone()
    }
}
