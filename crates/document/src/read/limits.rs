//! How much a file may hold before a reader stops: what no official document reaches and hostile ones are made of.

/// Largest file that is opened at all.
pub const MAX_FILE_BYTES: usize = 64 << 20;
/// Most text that one document may carry, in bytes; what is inside an archive counts unpacked.
pub const MAX_TEXT_BYTES: usize = 32 << 20;
/// Most bytes that may come out of one archive.
pub const MAX_UNPACKED_BYTES: u64 = 256 << 20;
/// Most entries an archive may have.
pub const MAX_ENTRIES: usize = 20_000;
/// Most bytes that one packed byte may become, once [`RATIO_FREE_BYTES`] have come out of a part.
pub const MAX_RATIO: u64 = 400;
/// Bytes of a part that are not yet suspected of being a bomb.
pub const RATIO_FREE_BYTES: u64 = 32 << 20;
/// Deepest nesting of XML elements that is followed.
pub const MAX_ELEMENT_DEPTH: usize = 10_000;
/// Most paragraphs of a document, those within cells included.
pub const MAX_PARAGRAPHS: usize = 1_000_000;
/// Most cells of all tables of a document, the lower parts of merged ones included.
pub const MAX_CELLS: usize = 1_000_000;
/// Most grid columns of a table; further cells are left out.
pub const MAX_COLUMNS: usize = 1_000;
/// Tables within tables are told apart this deep; deeper ones become text of the cell they stand in.
pub const MAX_TABLE_DEPTH: usize = 12;
/// Most pages of a file whose characters have places (PDF, OFD).
pub const MAX_PAGES: usize = 20_000;
/// Most glyphs of a page that are placed.
pub const MAX_PAGE_GLYPHS: usize = 200_000;
/// Most ruled lines of a page among which a table is looked for.
pub const MAX_PAGE_RULES: usize = 20_000;
/// Most objects of a PDF.
pub const MAX_PDF_OBJECTS: usize = 1_000_000;
/// Most work on one PDF: bytes read, searched and unpacked, with a charge for each object and operator.
pub const MAX_PDF_WORK: u64 = 2 << 30;
/// Most bytes that one stream of a PDF may become.
pub const MAX_STREAM_BYTES: usize = 64 << 20;
