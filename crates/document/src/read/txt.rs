//! Plain text.
use super::ReadError;
use crate::source::Source;

pub(super) fn read(_bytes: &[u8]) -> Result<Source, ReadError> {
    Err(ReadError::new("", ""))
}
