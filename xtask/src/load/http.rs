//! As much of HTTP/1.1 as a reader of our own server needs: GET on a connection that stays open.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// Longest wait for an answer.
const WAIT: Duration = Duration::from_secs(30);

/// A connection of one reader.
pub(super) struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
    /// Told to the server as a proxy would: readers have addresses of their own.
    reader: String,
}

/// An answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) kind: String,
    /// Length of the body.
    pub(super) bytes: usize,
    pub(super) text: String,
}

impl Connection {
    /// Of the reader with this number.
    pub(super) fn to(address: &str, reader: usize) -> Result<Self, Box<dyn Error>> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(WAIT))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            host: address.to_owned(),
            reader: format!("10.0.{}.{}", reader / 250, reader % 250 + 1),
        })
    }

    /// Asks for a page and reads all of it.
    pub(super) fn get(&mut self, path: &str) -> Result<Answer, Box<dyn Error>> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nX-Forwarded-For: {}\r\n\r\n",
            self.host, self.reader
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| format!("no answer but {line:?}"))?;
        let (mut length, mut kind) = (None, String::new());
        loop {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Err("the connection ended in the head".into());
            }
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse::<usize>().ok(),
                "content-type" => value.clone_into(&mut kind),
                _ => {}
            }
        }
        let length = length.ok_or_else(|| format!("{path} has no length"))?;
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Answer {
            status,
            kind,
            bytes: length,
            text: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}

/// Addresses of links and of files in a page.
pub(super) fn links(html: &str) -> impl Iterator<Item = String> {
    let quoted = |name: &'static str| {
        html.split(name)
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .map(|link| link.replace("&amp;", "&").replace("&#38;", "&"))
    };
    quoted("href=\"").chain(quoted("src=\""))
}
