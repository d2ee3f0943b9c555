//! From one index key to another, row by row.

use seal::{Column, OpenError, RekeyError, Rekeying};

use crate::drawn::{Seeded, employer, person, ring};

fn ids() -> Column {
    Column::new("person", "resident_id")
}

#[test]
fn a_row_gets_the_key_of_the_new_ring_and_opens_under_it() {
    let (old, new) = (ring(1), ring(2));
    let mut sealer = old.sealer(&mut Seeded(3)).expect("a sealer");
    let mut rekeying = Rekeying::new(&old, &new, &mut Seeded(4)).expect("both rings");
    let accounts = Column::new("person", "account");
    for number in 0..50 {
        let id = person(number);
        let before = old.indexer().person(id);
        let mut sealed = Vec::new();
        sealer.seal_id(&ids(), &before.text(), id, &mut sealed).expect("sealed");
        let account = sealer
            .seal_one(&accounts, &before.text(), b"99000000001234")
            .expect("sealed");

        let mut out = Vec::new();
        let after = rekeying.person(&ids(), before, &sealed, &mut out).expect("taken over");
        assert_eq!(after, new.indexer().person(id));
        assert_eq!(rekeying.person_key(&ids(), &before.text(), &sealed, before), Ok(after));
        let mut opener = new.opener();
        assert_eq!(opener.open_id(&ids(), &after.text(), &out), Ok(id));

        let mut out = Vec::new();
        rekeying
            .value(&accounts, &before.text(), &after.text(), account.as_bytes(), &mut out)
            .expect("taken over");
        assert_eq!(opener.open_text(&accounts, &after.text(), &out), Ok("99000000001234"));
    }
}

#[test]
fn an_employer_goes_by_its_code() {
    let (old, new) = (ring(1), ring(2));
    let rekeying = Rekeying::new(&old, &new, &mut Seeded(4)).expect("both rings");
    let before = old.indexer().employer(employer(1));
    assert_eq!(
        rekeying.employer(before, employer(1)),
        Ok(new.indexer().employer(employer(1)))
    );
    assert_eq!(rekeying.employer(before, employer(2)), Err(RekeyError::Mismatch));
}

#[test]
fn a_row_whose_key_is_not_its_persons_is_told_and_nothing_is_written() {
    let (old, new) = (ring(1), ring(2));
    let mut sealer = old.sealer(&mut Seeded(3)).expect("a sealer");
    let mut rekeying = Rekeying::new(&old, &new, &mut Seeded(4)).expect("both rings");
    let key = old.indexer().person(person(1));
    // Somebody else's ID, sealed for this row.
    let mut sealed = Vec::new();
    sealer
        .seal_id(&ids(), &key.text(), person(2), &mut sealed)
        .expect("sealed");
    let mut out = Vec::new();
    assert_eq!(
        rekeying.person(&ids(), key, &sealed, &mut out),
        Err(RekeyError::Mismatch)
    );
    // A row that has been taken over already does not open a second time.
    let mut fine = Vec::new();
    sealer
        .seal_id(&ids(), &key.text(), person(1), &mut fine)
        .expect("sealed");
    let after = rekeying.person(&ids(), key, &fine, &mut out).expect("taken over");
    let once = out.clone();
    assert_eq!(
        rekeying.person(&ids(), after, &once, &mut out),
        Err(RekeyError::Open(OpenError::Refused))
    );
    assert_eq!(out, once);
}
