//! What a file is, told by what it holds.

use super::archive::{Archive, encrypted};
use super::ole::{self, CompoundFile};
use super::package::main_part;
use super::{ReadError, unreadable};

/// A format that is read.
pub(super) enum Kind<'a> {
    Docx(Box<Archive<'a>>),
    Xlsx(Box<Archive<'a>>),
    Ofd(Box<Archive<'a>>),
    /// The stream `Workbook`.
    Xls(Vec<u8>),
    Pdf,
    /// Text, or a page of the web.
    Text,
}

/// Tells the kind of a file, or why there is nothing in it to read.
pub(super) fn kind_of(bytes: &[u8]) -> Result<Kind<'_>, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::new("无法读取：文件是空的", "请确认是否选错文件"));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return kind_of_archive(Box::new(Archive::open(bytes)?));
    }
    if bytes.starts_with(&ole::SIGNATURE) {
        return kind_of_compound(&CompoundFile::open(bytes)?);
    }
    // Some mailers put lines before the mark.
    if memchr::memmem::find(&bytes[..bytes.len().min(1024)], b"%PDF-").is_some() {
        return Ok(Kind::Pdf);
    }
    if is_picture(bytes) {
        return Err(unreadable("这是图片文件，没有文字"));
    }
    let named: [(&[u8], &str); 8] = [
        (b"{\\rtf", "不支持 RTF 格式"),
        (b"Rar!", "这是压缩包，请先解压"),
        (b"7z\xBC\xAF\x27\x1C", "这是压缩包，请先解压"),
        (b"\x1F\x8B", "这是压缩包，请先解压"),
        (b"\x09\x08\x10\x00", "xls 文件的版本过旧（Excel 95 及以前）"),
        (b"\x09\x04\x06\x00", "xls 文件的版本过旧（Excel 95 及以前）"),
        (b"%!PS", "不支持 PostScript 格式"),
        (b"MIME-Version:", "不支持单一文件网页（mht）"),
    ];
    if let Some((_, reason)) = named.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Err(unreadable(reason));
    }
    let head = &bytes[..bytes.len().min(2048)];
    if bytes.starts_with(b"From: ") && memchr::memmem::find(head, b"\nMIME-Version:").is_some() {
        return Err(unreadable("不支持邮件或单一文件网页（mht）"));
    }
    if [&b"<?mso-application"[..], b"<pkg:package", b"<w:wordDocument"]
        .iter()
        .any(|mark| memchr::memmem::find(head, mark).is_some())
    {
        return Err(unreadable("不支持 Office 的单一 XML 格式"));
    }
    Ok(Kind::Text)
}

fn kind_of_archive(mut archive: Box<Archive<'_>>) -> Result<Kind<'_>, ReadError> {
    if archive.has("OFD.xml") {
        return Ok(Kind::Ofd(archive));
    }
    if let Some(part) = main_part(&mut archive)? {
        let folder = part.split('/').next().unwrap_or_default().to_lowercase();
        let types = archive.bytes("[Content_Types].xml")?.unwrap_or_default();
        let is = |name: &str, usual: &str| {
            let declared = memchr::memmem::find(&types, name.as_bytes()).is_some();
            folder == usual || (declared && !matches!(folder.as_str(), "word" | "xl" | "ppt"))
        };
        if is("presentationml", "ppt") {
            return Err(unreadable("这是演示文稿"));
        }
        if is("wordprocessingml", "word") {
            return Ok(Kind::Docx(archive));
        }
        if is("spreadsheetml", "xl") {
            if part.ends_with(".bin") {
                return Err(ReadError::new("无法读取：不支持 xlsb 格式", "请用 WPS 另存为 xlsx"));
            }
            return Ok(Kind::Xlsx(archive));
        }
    }
    let kind = archive.bytes("mimetype")?.unwrap_or_default();
    if kind.starts_with(b"application/vnd.oasis.opendocument") {
        return Err(unreadable("不支持 OpenDocument 格式（odt、ods）"));
    }
    if archive.has("[Content_Types].xml") {
        return Err(unreadable("文件缺少正文部件，可能已损坏"));
    }
    Err(unreadable("这是压缩包，请先解压，再读取其中的文件"))
}

fn kind_of_compound<'a>(file: &CompoundFile<'_>) -> Result<Kind<'a>, ReadError> {
    if file.has("EncryptedPackage") {
        return Err(encrypted());
    }
    if let Some(stream) = file.stream("Workbook") {
        return Ok(Kind::Xls(stream));
    }
    if file.has("Book") {
        return Err(unreadable("xls 文件的版本过旧（Excel 95 及以前）"));
    }
    if file.has("WordDocument") {
        return Err(unreadable("不支持 doc、wps 格式"));
    }
    if file.has("PowerPoint Document") {
        return Err(unreadable("这是演示文稿"));
    }
    Err(unreadable("不支持这种文件格式"))
}

fn is_picture(bytes: &[u8]) -> bool {
    let marks: [&[u8]; 6] = [
        b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1A\n", b"GIF8", b"II*\0", b"MM\0*", b"\0\0\x01\0",
    ];
    marks.iter().any(|mark| bytes.starts_with(mark))
        || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"))
        || (bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0; 4]))
        || bytes.get(4..12) == Some(b"ftypheic")
}
