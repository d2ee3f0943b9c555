//! What a synthetic region must look like: shares and rates, in ten-thousandths, each held within 5%.

/// One target.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// A short name; a test measures each by it.
    pub id: &'static str,
    /// On screen.
    pub label: &'static str,
    /// Ten-thousandths, or the number itself where it is no share.
    pub value: u64,
    /// What the value is a share of one in: 10,000 for shares, 1 for plain numbers.
    pub per: u64,
}

impl Target {
    /// 51.50%, or a plain number.
    pub fn shown(&self) -> String {
        if self.per == 1 {
            return self.value.to_string();
        }
        format!("{}.{:02}%", self.value / 100, self.value % 100)
    }
}

const fn share(id: &'static str, label: &'static str, value: u64) -> Target {
    Target { id, label, value, per: 10_000 }
}

/// All targets.
pub const TARGETS: &[Target] = &[
    share("men", "男性占比", 5_150),
];
