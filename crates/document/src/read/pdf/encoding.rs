//! What single-byte fonts call their characters (ISO 32000-1, annex D), and the predefined CMaps of Chinese, Japanese
//! and Korean fonts as the encodings they are.

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, MACINTOSH, SHIFT_JIS, WINDOWS_1252};

/// How a predefined CMap writes characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Predefined {
    /// One byte below 0x80, otherwise two, or four in GB 18030.
    Bytes(&'static Encoding),
    /// Two bytes a unit, four for a pair of surrogates.
    Utf16,
    Utf32,
    Utf8,
}

/// The encoding that a predefined CMap stands for, and whether it writes downwards; none for `Identity` and others
/// that name glyphs and not characters.
pub(super) fn predefined(name: &str) -> Option<(Predefined, bool)> {
    let (name, vertical) = match name.strip_suffix("-V") {
        Some(name) => (name, true),
        None => (name.strip_suffix("-H").unwrap_or(name), name == "V"),
    };
    let encoding = match name {
        "GB-EUC" | "GBpc-EUC" | "GBK-EUC" | "GBKp-EUC" | "GBK2K" => Predefined::Bytes(GB18030),
        "B5pc" | "HKscs-B5" | "ETen-B5" | "ETenms-B5" => Predefined::Bytes(BIG5),
        "83pv-RKSJ" | "90ms-RKSJ" | "90msp-RKSJ" | "90pv-RKSJ" | "Ext-RKSJ" => Predefined::Bytes(SHIFT_JIS),
        "EUC" => Predefined::Bytes(EUC_JP),
        "KSC-EUC" | "KSCms-UHC" | "KSCms-UHC-HW" | "KSCpc-EUC" => Predefined::Bytes(EUC_KR),
        name => {
            let coding = name.strip_prefix("Uni")?.split_once('-')?.1;
            match coding.trim_end_matches("-HW") {
                "UCS2" | "UTF16" => Predefined::Utf16,
                "UTF32" => Predefined::Utf32,
                "UTF8" => Predefined::Utf8,
                _ => return None,
            }
        }
    };
    Some((encoding, vertical))
}

impl Predefined {
    /// How many bytes the character at the front has; never more than there are.
    pub(super) fn length(self, bytes: &[u8]) -> usize {
        let first = bytes.first().copied().unwrap_or(0);
        let length = match self {
            Self::Utf32 => 4,
            Self::Utf16 if (0xD8..=0xDB).contains(&first) => 4,
            Self::Utf16 => 2,
            Self::Utf8 => match first {
                0xC0..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0.. => 4,
                _ => 1,
            },
            Self::Bytes(_) if first < 0x81 || first == 0xFF => 1,
            Self::Bytes(encoding) if encoding == SHIFT_JIS && (0xA1..=0xDF).contains(&first) => 1,
            Self::Bytes(encoding) if encoding == GB18030 && bytes.get(1).is_some_and(u8::is_ascii_digit) => 4,
            Self::Bytes(_) => 2,
        };
        length.min(bytes.len())
    }

    /// The character that these bytes are.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<String> {
        let text = match self {
            Self::Bytes(encoding) => encoding
                .decode_without_bom_handling_and_without_replacement(bytes)?
                .into_owned(),
            Self::Utf16 => {
                let units: Vec<u16> = bytes
                    .chunks_exact(2)
                    .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                    .collect();
                String::from_utf16(&units).ok()?
            }
            Self::Utf32 => char::from_u32(super::cmap::big_endian(bytes))?.to_string(),
            Self::Utf8 => std::str::from_utf8(bytes).ok()?.to_owned(),
        };
        text.chars().all(|c| c != '\0').then_some(text)
    }
}

/// The base encodings of single-byte fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    Standard,
    WinAnsi,
    MacRoman,
}

impl Base {
    /// The character of a code.
    pub(super) fn character(self, code: u8) -> Option<char> {
        let of = |encoding: &'static Encoding| {
            encoding
                .decode_without_bom_handling_and_without_replacement(&[code])
                .and_then(|text| text.chars().next())
        };
        match self {
            _ if code < 0x20 => None,
            Self::WinAnsi => of(WINDOWS_1252),
            Self::MacRoman => of(MACINTOSH),
            Self::Standard => match code {
                0x27 => Some('’'),
                0x60 => Some('‘'),
                0x20..=0x7E => Some(char::from(code)),
                0xA1..=0xFB => STANDARD_UPPER
                    .chars()
                    .nth(usize::from(code) - 0xA1)
                    .filter(|c| *c != ' '),
                _ => None,
            },
        }
    }
}

/// Codes 0xA1 to 0xFB of the standard encoding; a space where there is none.
const STANDARD_UPPER: &str = concat!(
    "¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ", " –†‡· ¶•‚„”»…‰ ¿", " `´ˆ˜¯˘˙¨ ˚¸ ˝˛ˇ", "—               ", " Æ ª    ŁØŒº    ", " æ   ı  łøœß"
);

/// The text that a glyph's name stands for (Adobe Glyph List, the part that documents use); none for an unknown name.
pub(super) fn glyph_text(name: &str) -> Option<String> {
    let name = name.split('.').next().filter(|name| !name.is_empty())?;
    if name.contains('_') && name.len() < 60 {
        return name.split('_').map(glyph_text).collect();
    }
    if name.chars().count() == 1 {
        return Some(name.to_owned());
    }
    let code = |digits: &str| u32::from_str_radix(digits, 16).ok();
    if let Some(digits) = name
        .strip_prefix("uni")
        .filter(|digits| digits.len() >= 4 && digits.len() % 4 == 0 && digits.is_ascii())
    {
        let units: Option<Vec<u16>> = (0..digits.len().min(40))
            .step_by(4)
            .map(|at| code(&digits[at..at + 4]).map(|c| c as u16))
            .collect();
        return String::from_utf16(&units?).ok();
    }
    if let Some(digits) = name.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len())) {
        return code(digits).and_then(char::from_u32).map(String::from);
    }
    NAMES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, c)| (*c).to_string())
}

const NAMES: [(&str, char); 130] = [
    ("space", ' '),
    ("exclam", '!'),
    ("quotedbl", '"'),
    ("numbersign", '#'),
    ("dollar", '$'),
    ("percent", '%'),
    ("ampersand", '&'),
    ("quotesingle", '\''),
    ("parenleft", '('),
    ("parenright", ')'),
    ("asterisk", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("hyphen", '-'),
    ("period", '.'),
    ("slash", '/'),
    ("zero", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("colon", ':'),
    ("semicolon", ';'),
    ("less", '<'),
    ("equal", '='),
    ("greater", '>'),
    ("question", '?'),
    ("at", '@'),
    ("bracketleft", '['),
    ("backslash", '\\'),
    ("bracketright", ']'),
    ("asciicircum", '^'),
    ("underscore", '_'),
    ("grave", '`'),
    ("braceleft", '{'),
    ("bar", '|'),
    ("braceright", '}'),
    ("asciitilde", '~'),
    ("exclamdown", '¡'),
    ("cent", '¢'),
    ("sterling", '£'),
    ("currency", '¤'),
    ("yen", '¥'),
    ("brokenbar", '¦'),
    ("section", '§'),
    ("dieresis", '¨'),
    ("copyright", '©'),
    ("ordfeminine", 'ª'),
    ("guillemotleft", '«'),
    ("logicalnot", '¬'),
    ("registered", '®'),
    ("macron", '¯'),
    ("degree", '°'),
    ("plusminus", '±'),
    ("twosuperior", '²'),
    ("threesuperior", '³'),
    ("acute", '´'),
    ("mu", 'µ'),
    ("paragraph", '¶'),
    ("periodcentered", '·'),
    ("middot", '·'),
    ("cedilla", '¸'),
    ("onesuperior", '¹'),
    ("ordmasculine", 'º'),
    ("guillemotright", '»'),
    ("onequarter", '¼'),
    ("onehalf", '½'),
    ("threequarters", '¾'),
    ("questiondown", '¿'),
    ("multiply", '×'),
    ("divide", '÷'),
    ("AE", 'Æ'),
    ("ae", 'æ'),
    ("Oslash", 'Ø'),
    ("oslash", 'ø'),
    ("germandbls", 'ß'),
    ("Eacute", 'É'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("agrave", 'à'),
    ("aacute", 'á'),
    ("adieresis", 'ä'),
    ("Adieresis", 'Ä'),
    ("odieresis", 'ö'),
    ("Odieresis", 'Ö'),
    ("udieresis", 'ü'),
    ("Udieresis", 'Ü'),
    ("ccedilla", 'ç'),
    ("ntilde", 'ñ'),
    ("dotlessi", 'ı'),
    ("fi", 'ﬁ'),
    ("fl", 'ﬂ'),
    ("florin", 'ƒ'),
    ("fraction", '⁄'),
    ("circumflex", 'ˆ'),
    ("tilde", '˜'),
    ("caron", 'ˇ'),
    ("endash", '–'),
    ("emdash", '—'),
    ("quoteleft", '‘'),
    ("quoteright", '’'),
    ("quotesinglbase", '‚'),
    ("quotedblleft", '“'),
    ("quotedblright", '”'),
    ("quotedblbase", '„'),
    ("dagger", '†'),
    ("daggerdbl", '‡'),
    ("bullet", '•'),
    ("ellipsis", '…'),
    ("perthousand", '‰'),
    ("guilsinglleft", '‹'),
    ("guilsinglright", '›'),
    ("Euro", '€'),
    ("trademark", '™'),
    ("minus", '−'),
    ("lessequal", '≤'),
    ("greaterequal", '≥'),
    ("notequal", '≠'),
    ("approxequal", '≈'),
    ("infinity", '∞'),
    ("nbspace", '\u{A0}'),
    ("sfthyphen", '\u{AD}'),
    ("nonbreakingspace", '\u{A0}'),
    ("arrowright", '→'),
    ("star", '★'),
];
