//! Characters that a document writes in a symbol font, where the code says nothing without the font.

/// The character that `w:sym` or a private-use code stands for; `None` for an ornament.
pub(super) fn symbol(code: u32, font: &str) -> Option<char> {
    // Symbol fonts keep their 8-bit codes at U+F000.
    let byte = if (0xF000..=0xF0FF).contains(&code) {
        code - 0xF000
    } else if code > 0xFF {
        return char::from_u32(code);
    } else {
        code
    };
    if font.eq_ignore_ascii_case("Symbol") {
        return greek_and_mathematical(byte);
    }
    if font.eq_ignore_ascii_case("Wingdings 2") {
        return match byte {
            0x52 => Some('☑'),
            0x53 | 0x54 => Some('☒'),
            0x2A | 0xA3 => Some('□'),
            0x50 => Some('✓'),
            0x6A..=0x73 => char::from_u32(u32::from('①') + byte - 0x6A),
            _ => None,
        };
    }
    if font.to_ascii_lowercase().starts_with("wingdings") {
        return wingdings(byte);
    }
    (code == byte && byte >= 0x20).then(|| char::from_u32(byte)).flatten()
}

fn wingdings(byte: u32) -> Option<char> {
    Some(match byte {
        0x20 => ' ',
        0x6C => '●',
        0x6E => '■',
        0x6F | 0xA8 => '□',
        0x71 | 0x72 => '□',
        0x75 => '◆',
        0x76 => '❖',
        0x80 => '⓪',
        0x81..=0x8A => return char::from_u32(u32::from('①') + byte - 0x81),
        0x8B => '⓿',
        0x8C..=0x95 => return char::from_u32(u32::from('❶') + byte - 0x8C),
        0xA1 => '○',
        0xAB => '★',
        0xB6 => '☆',
        0xD8 => '➢',
        0xE0 => '→',
        0xFB => '✗',
        0xFC => '✓',
        0xFD => '☒',
        0xFE => '☑',
        _ => return None,
    })
}

fn greek_and_mathematical(byte: u32) -> Option<char> {
    const LETTERS: [char; 58] = [
        'Α', 'Β', 'Χ', 'Δ', 'Ε', 'Φ', 'Γ', 'Η', 'Ι', 'ϑ', 'Κ', 'Λ', 'Μ', 'Ν', 'Ο', 'Π', 'Θ', 'Ρ', 'Σ', 'Τ', 'Υ', 'ς',
        'Ω', 'Ξ', 'Ψ', 'Ζ', '[', '∴', ']', '⊥', '_', '‾', 'α', 'β', 'χ', 'δ', 'ε', 'φ', 'γ', 'η', 'ι', 'ϕ', 'κ', 'λ',
        'μ', 'ν', 'ο', 'π', 'θ', 'ρ', 'σ', 'τ', 'υ', 'ϖ', 'ω', 'ξ', 'ψ', 'ζ',
    ];
    Some(match byte {
        0x41..=0x7A => return LETTERS.get(byte as usize - 0x41).copied(),
        0xA3 => '≤',
        0xB0 => '°',
        0xB1 => '±',
        0xB3 => '≥',
        0xB4 => '×',
        0xB7 => '•',
        0xB8 => '÷',
        0xB9 => '≠',
        0xBB => '≈',
        0xBC => '…',
        0x20..=0x40 | 0x7B..=0x7E => return char::from_u32(byte),
        _ => return None,
    })
}
